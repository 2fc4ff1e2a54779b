import { isDeepStrictEqual } from 'node:util';
import { bootId, coerceError, describeError, PlantroomError, systemClock, systemRandom } from '@plantroom/base';
import { createLogger } from '@plantroom/base/logger';
import { GatewayClock } from './clock/gateway-clock.ts';
import { isSystemSynchronised } from './clock/system-sync.ts';
import type { GatewayOptions, SiteConfig } from './config/index.ts';
import { ControlServer } from './control/control-server.ts';
import { logCommands } from './log-commands.ts';
import { type CheckedSite, checkSite, RunningSite, type SiteChange } from './running-site.ts';
import type { GatewayReport } from './status/contract.ts';

export type { CloudOverride, GatewayOptions } from './config/index.ts';
export type { Backlog, QuarantineList } from './log-commands.ts';
export type { SiteChange } from './running-site.ts';
export type { GatewayReport } from './status/contract.ts';

/** A running gateway. */
export interface Gateway {
  /** The port of /health, /status and /metrics, if they were asked for. */
  readonly statusPort: number | undefined;
  /** Resolves when the history is in, at once without one; rejects when its file is wrong. */
  readonly history: Promise<void>;
  /** Resolves when the gateway cannot go on, because its log failed: the process must then end, aloud. */
  readonly failed: Promise<Error>;
  report(): Promise<GatewayReport>;
  /**
   * Reads the site file again and goes on as it says: what is as it was is not touched, alarms of what is gone end as
   * withdrawn, log and state stay. Throws ConfigError when the file is wrong, PlantroomError when it is another gateway's
   * (`reload-identity`) or asks for what cannot be had, such as a port that is taken; the gateway then goes on with the
   * file as it was. Gives what was done.
   */
  reload(): Promise<SiteChange>;
  /** Stops reading, keeps everything, and leaves the cloud; within 3 s, and safe to call more than once. */
  stop(): Promise<void>;
}

/**
 * Starts the process on site. Throws ConfigError with all that is wrong with the site file, or PlantroomError when the
 * data directory or a port cannot be had; what cannot be reached (devices, cloud) never keeps it from starting.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const failure = Promise.withResolvers<Error>();
  const logger = options.logger ?? createLogger('gateway');
  const onFailure = (thrown: unknown) => {
    const error = coerceError(thrown);
    logger.error({ code: 'gateway-failed', detail: error.message }, 'The gateway cannot go on and must end.');
    failure.resolve(error);
  };
  const { clock: system = systemClock, random = systemRandom, isSynchronised = isSystemSynchronised } = options;
  const clock = new GatewayClock({ system, bootId: options.bootId ?? bootId(), isSynchronised, logger });
  const around = { clock, random, logger, onFailure };
  const start = (given: GatewayOptions, checked: CheckedSite) => RunningSite.start(given, checked, around);
  let running = await start(options, checkSite(options));
  const restart = async (checked: CheckedSite) => {
    const { statusPort, checked: before } = running;
    await running.stop();
    // The pages stay where they were; a history that is not yet in goes on.
    const again = statusPort === undefined ? options : { ...options, statusPort };
    running = await start(again, checked).catch(async (thrown: unknown) => {
      running = await start(again, before);
      throw new RefusedReload(thrown);
    });
  };
  // Reloads and the stop follow one another.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
  const gateway: Gateway = {
    get statusPort() {
      return running.statusPort;
    },
    history: running.history,
    failed: failure.promise,
    report: () => running.report(),
    reload: () => inTurn(() => reload(running, checkSite(options), restart, onFailure)),
    stop: async () => {
      await control.close();
      await inTurn(() => running.stop());
    },
  };
  const commands = {
    reload: () => gateway.reload(),
    ...logCommands(
      () => running.log,
      () => clock.now(),
    ),
  };
  const control = await ControlServer.start(options.dataDirectory, commands, logger).catch(async (thrown: unknown) => {
    await running.stop();
    throw thrown;
  });
  return gateway;
}

async function reload(
  running: RunningSite,
  checked: CheckedSite,
  restart: (checked: CheckedSite) => Promise<void>,
  onFailure: (thrown: unknown) => void,
): Promise<SiteChange> {
  refuseAnother(running.site, checked.site);
  const change = await running.prepare(checked);
  try {
    // The log's limits and the device broker are there from the first to the last moment.
    if (needsRestart(running, checked)) {
      await restart(checked);
      return { ...change.summary, restarted: true };
    }
    await change.apply();
    return change.summary;
  } catch (thrown) {
    if (thrown instanceof RefusedReload) throw thrown.reason;
    onFailure(thrown);
    throw thrown;
  }
}

/** Another site file could not be started; the one before it runs again. */
class RefusedReload extends Error {
  readonly reason: PlantroomError;

  constructor(thrown: unknown) {
    super('the reload was refused');
    const code = thrown instanceof PlantroomError ? thrown.code : 'reload-refused';
    const hint = 'The gateway goes on with its site file as it was.';
    this.reason = new PlantroomError(code, describeError(thrown), { hint, cause: thrown });
  }
}

function refuseAnother(before: SiteConfig, after: SiteConfig): void {
  const [was, is] = [before, after].map(({ site, gateway }) => `${site.id}/${gateway.id}`);
  if (was === is) return;
  throw new PlantroomError('reload-identity', `${after.file} is the site file of ${is}, this gateway is ${was}.`, {
    hint: 'Its log carries that name for ever: start another gateway with a data directory of its own.',
  });
}

function needsRestart(running: RunningSite, { site, secret }: CheckedSite): boolean {
  const head = (config: SiteConfig, lookup: CheckedSite['secret']) => ({
    log: config.gateway.log,
    broker: config.broker,
    secrets: config.secrets
      .filter(({ section }) => section === 'broker')
      .map(({ reference }) => lookup('file' in reference ? reference.file : reference.env)),
  });
  return !isDeepStrictEqual(head(running.site, running.secret), head(site, secret));
}
