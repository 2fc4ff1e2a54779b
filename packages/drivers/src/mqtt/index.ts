import { isDeepStrictEqual } from 'node:util';
import { describeError, PlantroomError, randomId, type Timer } from '@plantroom/base';
import { z } from 'zod';
import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection, FieldDevice, FieldSink, ProbeResult } from '../contract.ts';
import { resolveSecret } from '../secret-reference.ts';
import { Supervisor } from '../supervisor.ts';
import { type BrokerSession, type BrokerSettings, connectBroker, type Message, tooLargeText } from './client.ts';
import { embeddedBroker, type MqttConfig, mqttOptions } from './config.ts';
import { ReportReader } from './events.ts';
import { fill, topicReaders } from './messages.ts';
import { SilenceWatch } from './silence-watch.ts';
import { nodeListeners } from './sparkplug/listener.ts';
import { filtersOf } from './topic-filter.ts';

export { type BrokerSession, type BrokerSettings, connectBroker, type Message } from './client.ts';

const optionsSchema = z.object(mqttOptions);

/** What a message on one topic leads to. */
interface Handler {
  readonly equipment: readonly string[];
  readonly handle: (message: Message, sink: FieldSink) => void;
}

interface Plan {
  readonly devices: readonly FieldDevice[];
  /** By topic filter. */
  readonly handlers: ReadonlyMap<string, readonly Handler[]>;
  /** Told at each new session: messages may have passed unheard. */
  readonly restart: () => void;
  /** Messages that did not fit their profile, by name. */
  readonly tally: () => Readonly<Record<string, number>>;
}

/** How long a probe waits for the event of a panel that has nothing else to say, over 1.5, in ms. */
const eventPatience = 20_000;
/** Milliseconds until a refused topic is asked for again. */
const refusalRetry = 60_000;

/** A broker and the devices that publish there; pushes. */
class MqttConnection implements FieldConnection {
  readonly id: string;
  readonly devices: readonly FieldDevice[];
  readonly topics: readonly string[];
  readonly #broker: BrokerSettings;
  /** What makes two sessions with a broker the same. */
  readonly #identity: object;
  #before: MqttConnection | undefined;
  /** Another has gone on with its session. */
  #isLeft = false;
  readonly #handlers: ReadonlyMap<string, readonly Handler[]>;
  readonly #patterns: readonly string[];
  readonly #tally: Plan['tally'];
  readonly #context: DriverContext;
  readonly #watch: SilenceWatch;
  readonly #supervisor: Supervisor<BrokerSession>;
  #sink: FieldSink | undefined;
  #timer: Timer | undefined;
  #again: Timer | undefined;
  /** Topics that the newest session does without, as a message there was too large: every session would end by it. */
  #shunned: readonly string[] = [];
  #tooLarge = 0;

  constructor(id: string, broker: BrokerSettings, identity: object, plan: Plan, context: DriverContext) {
    this.id = id;
    this.devices = plan.devices;
    this.topics = [...plan.handlers.keys()];
    this.#broker = broker;
    this.#identity = identity;
    this.#handlers = plan.handlers;
    this.#patterns = this.topics.filter((topic) => topic.includes('+'));
    this.#tally = plan.tally;
    this.#context = context;
    this.#watch = new SilenceWatch(
      plan.devices.filter((d) => d.points.length > 0),
      context.clock,
    );
    this.#supervisor = new Supervisor({
      connect: (signal) => connectBroker(broker, context.clock, context.logger, signal),
      start: async (session) => {
        this.#watch.restart();
        plan.restart();
        session.listen((message) => this.#hear(message));
        session.lost.then(() => this.#shun(session.tooLarge));
        await this.#subscribe(session, this.topics);
        if (!this.#isLeft) await session.keepOnly(this.topics);
      },
      down: (detail) => {
        for (const { equipment } of this.devices) this.#watch.lose(equipment, detail, this.#sink);
      },
      clock: context.clock,
      logger: context.logger,
    });
  }

  follow(before: FieldConnection): boolean {
    if (!(before instanceof MqttConnection) || !isDeepStrictEqual(before.#identity, this.#identity)) return false;
    this.#before = before;
    return true;
  }

  #leave(): BrokerSession | undefined {
    this.#isLeft = true;
    return this.#supervisor.release();
  }

  async open(): Promise<void> {
    this.#isLeft = false;
    const before = this.#before;
    this.#before = undefined;
    const session = before ? before.#leave() : undefined;
    if (session) this.#supervisor.adopt(session);
    await this.#supervisor.open();
  }

  async subscribe(sink: FieldSink): Promise<void> {
    this.#sink = sink;
    this.#timer ??= this.#context.clock.every(1000, () => this.#watch.check(this.#sink));
    this.#supervisor.run();
  }

  /** Waits for one message of the device, for as long as it should take and half as long again. */
  async probe(equipment: string): Promise<ProbeResult> {
    const topics = [...this.#handlers]
      .filter(([, h]) => h.some((one) => one.equipment.includes(equipment)))
      .map(([t]) => t);
    if (topics.length === 0) return { ok: false, message: `Connection ${this.id} has no equipment ${equipment}.` };
    const period = this.devices.find((d) => d.equipment === equipment)?.period ?? eventPatience;
    const { clock, logger } = this.#context;
    const stop = new AbortController();
    const settings = { ...this.#broker, clientId: `${this.#broker.clientId}-probe` };
    let session: BrokerSession | undefined;
    try {
      session = await connectBroker(settings, clock, logger, stop.signal);
      const heard = hearOne(session, topics, this.#handlers, equipment);
      const wait = Math.min(60_000, period * 1.5);
      const count = await Promise.race([heard, clock.sleep(wait, stop.signal).then(() => undefined)]);
      return count === undefined
        ? {
            ok: false,
            message: `The broker answers, but ${equipment} published nothing within ${wait / 1000} s. Check the topic.`,
          }
        : { ok: true, message: `${equipment} published a message with ${count} good points.` };
    } catch (thrown) {
      return { ok: false, message: describeError(thrown) };
    } finally {
      stop.abort();
      await session?.close();
    }
  }

  tally(): Readonly<Record<string, number>> {
    return { ...this.#tally(), 'packets-too-large': this.#tooLarge };
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#again?.cancel();
    await this.#supervisor.close();
  }

  /** A refused topic silences its devices and is asked for again: rights get corrected while we run, messages replaced. */
  async #subscribe(session: BrokerSession, topics: readonly string[]): Promise<void> {
    const shunned = this.#shunned;
    this.#shunned = [];
    const refused = await session.subscribe(topics.filter((topic) => !shunned.includes(topic)));
    for (const topic of refused) this.#lose(topic, `the broker refuses the topic ${topic}`);
    for (const topic of shunned) this.#lose(topic, tooLargeText(topic));
    this.#again?.cancel();
    const missing = [...refused, ...shunned];
    if (missing.length === 0 || this.#isLeft) return;
    this.#again = this.#context.clock.after(refusalRetry, () => void this.#subscribe(session, missing));
  }

  #shun(topic: string | undefined): void {
    if (topic === undefined) return;
    this.#tooLarge++;
    this.#shunned = filtersOf(topic, this.#patterns).filter((filter) => this.#handlers.has(filter));
  }

  #lose(topic: string, detail: string): void {
    for (const equipment of (this.#handlers.get(topic) ?? []).flatMap((h) => h.equipment))
      this.#watch.lose(equipment, detail, this.#sink);
  }

  #hear(message: Message): void {
    const sink = this.#sink;
    if (!sink) return;
    const watched: FieldSink = {
      readings: (batch) => {
        // What the broker kept says nothing about the device being there now.
        if (!message.retained) for (const { equipment } of batch.slice(0, 1)) this.#watch.hear(equipment, sink);
        sink.readings(batch);
      },
      event: (event, misfit) => sink.event(event, misfit),
      property: (property) => sink.property(property),
      silence: (equipment, _, detail) => this.#watch.lose(equipment, detail, sink),
    };
    for (const filter of filtersOf(message.topic, this.#patterns))
      for (const { handle } of this.#handlers.get(filter) ?? []) handle(message, watched);
  }
}

function hearOne(
  session: BrokerSession,
  topics: readonly string[],
  handlers: ReadonlyMap<string, readonly Handler[]>,
  equipment: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sink: FieldSink = {
      readings: (batch) => {
        if (batch[0]?.equipment === equipment) resolve(batch.filter((r) => r.quality !== 'bad').length);
      },
      event: (event) => {
        if (event.equipment === equipment) resolve(0);
      },
      property: () => undefined,
      silence: () => undefined,
    };
    session.listen((message) => {
      for (const filter of filtersOf(message.topic, topics))
        for (const { handle } of handlers.get(filter) ?? []) handle(message, sink);
    });
    session.subscribe(topics).catch(reject);
  });
}

/** Resolves the topics of every equipment; opens nothing. */
export async function prepareMqtt(
  config: MqttConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection> {
  if (config.url === embeddedBroker) {
    throw new PlantroomError('driver-config', `Connection ${id} has no broker yet: \`embedded\` was not filled in.`);
  }
  const { password, ca, certificate, key, user, url, timeout, clientId } = config;
  const broker: BrokerSettings = {
    url,
    timeout,
    clientId: clientId ?? `plantroom-${id}-${randomId(4)}`,
    ...(user === undefined ? {} : { user }),
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
    ...(password === undefined ? {} : { password: resolveSecret(password, context.secret, id) }),
  };
  return new MqttConnection(id, broker, { ...broker, clientId }, planOf(bindings, context), context);
}

function planOf(bindings: readonly EquipmentBinding[], { clock, logger }: DriverContext): Plan {
  const handlers = new Map<string, Handler[]>();
  const devices: FieldDevice[] = [];
  let misfits = 0;
  const add = (topic: string, handler: Handler) => handlers.set(topic, [...(handlers.get(topic) ?? []), handler]);
  for (const binding of bindings) {
    const { profile, id: equipment } = binding;
    const { device = equipment, topic: names = {} } = optionsSchema.parse(binding.options);
    const { events } = profile;
    if (events) {
      const reader = new ReportReader(equipment, events);
      const handle: Handler['handle'] = ({ topic, payload, retained }, sink) => {
        const report = reader.read(payload, retained, clock.now());
        if (!report) return;
        if (report.misfit) {
          misfits++;
          const what = { code: 'mqtt-report-misfit', equipment, topic, detail: report.misfit.en };
          logger.warn(what, 'A report does not fit the profile; it was taken as it stands.');
        }
        sink.event(report.event, report.misfit);
      };
      add(fill(events.topic, { ...names, device }), { equipment: [equipment], handle });
    }
    const readers = profile.protocol === 'mqtt' ? topicReaders(binding, profile, { ...names, device }) : [];
    for (const { topic, readings } of readers)
      add(topic, {
        equipment: [equipment],
        handle: ({ payload, retained }, sink) => sink.readings(readings(payload, retained)),
      });
    const points = readers.flatMap((r) => r.points);
    // A panel that only reports events here has its points elsewhere: this connection says nothing of its health.
    if (points.length > 0) devices.push({ equipment, period: binding.period ?? profile.period, points });
  }
  const told = bindings.flatMap((binding) =>
    binding.profile.protocol === 'sparkplug' ? [{ binding, profile: binding.profile }] : [],
  );
  const sparkplug = nodeListeners(told, logger);
  for (const node of sparkplug.nodes)
    for (const topic of node.topics)
      add(topic, {
        equipment: node.equipment,
        handle: (message, sink) => node.hear(message, sink, clock.monotonic()),
      });
  const restart = () => {
    for (const node of sparkplug.nodes) node.restart();
  };
  const tally = () => (bindings.some((b) => b.profile.events) ? { 'reports-misfit': misfits } : {});
  return { handlers, devices: [...devices, ...sparkplug.devices], restart, tally };
}
