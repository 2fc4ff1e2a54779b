import { type Clock, coerceError, describeError, type Logger } from '@plantroom/base';
import { type AlarmCommand, downTopic, type GatewayAddress, liveFilter, liveTopic } from '@plantroom/model/wire';
import type { MqttClient } from 'mqtt';
import { connectToBroker, keepSubscribed } from './connect.ts';
import { send } from './context.ts';
import type { BrokerAccess } from './contract.ts';
import { type LiveMessage, parseLiveMessage } from './live-message.ts';

export interface LiveFollowerOptions {
  readonly broker: BrokerAccess;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called one at a time, in the order of arrival. */
  readonly onMessage: (message: LiveMessage) => Promise<void>;
  /** After each (re)connection: messages may have been missed, so the stores must be read. Repeated until it succeeds. */
  readonly onConnected: () => Promise<void>;
  /** The connection is gone; told again while it does not come back. */
  readonly onLost: () => void;
}

export interface LiveFollower {
  /** Tells every process that serves browsers, this one too, what a click changed. */
  announce(message: LiveMessage): void;
  /**
   * Sends a command that the records have saved on its way at once; it is sent again until an event echoes it, so that without
   * a connection to the broker it goes out with the next round.
   */
  sendCommand(to: GatewayAddress, command: AlarmCommand): void;
  stop(): Promise<void>;
}

/** ms until stores that could not be read are asked again. */
const pause = 5000;

/** Follows what ingest publishes after its commits, over the broker like any other process. */
export async function startLiveFollower(options: LiveFollowerOptions): Promise<LiveFollower> {
  const { broker, logger } = options;
  const queue = new SerialQueue(logger);
  const stopping = new AbortController();
  const client = await connectToBroker(broker, 'live', logger);
  client.on('message', (_topic, payload) => {
    const message = parseLiveMessage(payload);
    if (message) queue.add(() => options.onMessage(message));
  });
  client.on('close', options.onLost);
  const onSubscribed = () => queue.add(() => catchUp(options, queue, stopping.signal));
  const filters = { [liveFilter]: { qos: 0 as const } };
  await keepSubscribed(client, { filters, clock: options.clock, logger, onSubscribed });
  await queue.idle();
  return {
    announce: (message) => send(client, liveTopic(message.site), message, 0),
    sendCommand: (to, command) => send(client, downTopic(to, 'commands'), command, 1),
    stop: () => {
      stopping.abort();
      return leave(client, queue);
    },
  };
}

/** Reads the stores; what is committed while they are away is shown all the same. */
async function catchUp(options: LiveFollowerOptions, queue: SerialQueue, signal: AbortSignal): Promise<void> {
  const { clock, logger, onConnected } = options;
  try {
    await onConnected();
  } catch (thrown) {
    logger.warn(
      { code: 'live-catch-up', detail: describeError(thrown) },
      'The present could not be read; it is tried again.',
    );
    void clock.sleep(pause, signal).then(() => signal.aborted || queue.add(() => catchUp(options, queue, signal)));
  }
}

async function leave(client: MqttClient, queue: SerialQueue): Promise<void> {
  await client.endAsync(true);
  await queue.idle();
}

/** Runs tasks one after the other; a failing one is logged and does not stop the rest. */
class SerialQueue {
  readonly #logger: Logger;
  #last: Promise<void> = Promise.resolve();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(task: () => Promise<void>): void {
    this.#last = this.#last.then(task).catch((thrown) => {
      this.#logger.error({ err: coerceError(thrown) }, 'a committed change could not be shown live');
    });
  }

  idle(): Promise<void> {
    return this.#last;
  }
}
