import {
  type Clock,
  coerceError,
  Lifecycle,
  type Logger,
  PlantroomError,
  silentLogger,
  systemClock,
} from '@plantroom/base';
import { Building } from './building/building.ts';
import { loadState, saveState } from './building/state-file.ts';
import { modbusUnits } from './building/units.ts';
import { createControlApi } from './control/api.ts';
import { startLiftServer } from './lifts/opcua-server.ts';
import { writeHistory } from './meters/history.ts';
import { ReadingLedger } from './meters/ledger.ts';
import type { Readings } from './meters/readings.ts';
import { listenError, startModbusServer } from './modbus/server.ts';
import type { PanelEvent } from './panel/fire-panel.ts';
import { type BrokerOptions, Publisher } from './sensors/publisher.ts';
import { SensorField } from './sensors/sensor-field.ts';

/** TCP ports on 127.0.0.1. */
export interface SimulatorPorts {
  http: number;
  opcua: number;
  pumps: number;
  metersA: number;
  metersB: number;
  fire: number;
}

export interface SimulatorOptions {
  /** Where registers, counters and levels are kept between starts. */
  dataDirectory: string;
  /** Decides weather, loads, traffic and all else that varies; 1 unless told. */
  seed?: number;
  /** 0, or no figure, is any free port. */
  ports?: Partial<SimulatorPorts>;
  /** The broker that sensors and panel events go to; without it nothing is published. */
  mqtt?: BrokerOptions;
  /** Writes the energy history as CSV to `file` before the servers start. */
  history?: { file: string };
  /** Days of history before the first start; 60 unless told. */
  historyDays?: number;
  /** Keeps every published message for `GET /produced/:sensor`. */
  oracle?: boolean;
  clock?: Clock;
  logger?: Logger;
}

export interface Simulators {
  ports: SimulatorPorts;
  /** The physical models, for tests in the same process. */
  building: Building;
  stop(): Promise<void>;
}

const liftPeriod = 200;
const slowPeriod = 1000;
const savePeriod = 30_000;
/** A process that was suspended does not live through the whole pause. */
const longestStep = 60;

/**
 * Starts Harbour Tower: models, Modbus, OPC UA and HTTP servers, MQTT client. Resolves when everything listens.
 * @throws PlantroomError `data-directory`, `bad-state-file`, `seed-changed`, `port-in-use` or `listen-failed`; nothing stays open.
 */
export async function startSimulators(options: SimulatorOptions): Promise<Simulators> {
  const lifecycle = new Lifecycle();
  try {
    return await start(options, lifecycle);
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}

async function start(options: SimulatorOptions, lifecycle: Lifecycle): Promise<Simulators> {
  const { clock = systemClock, logger = silentLogger, dataDirectory } = options;
  const publisher = new Publisher({ clock, logger, keep: options.oracle ?? false });
  const { building, ledger } = prepareBuilding(options, clock, publisher);
  if (options.history) {
    const rows = await writeHistory(options.history.file, historyOf(building));
    logger.info({ rows, file: options.history.file }, 'Wrote the energy history');
  }
  let savedEvents = building.panel.eventCount;
  const save = () => {
    savedEvents = building.panel.eventCount;
    saveState(dataDirectory, building.state(clock.now()));
  };
  save();
  lifecycle.onStop('state file', save);
  const sensors = new SensorField(building, publisher);
  const api = createControlApi({ building, sensors, publisher, ledger, clock });
  const servers = await startServers(options, building, clock, logger, lifecycle);
  const http = await listen(api, options.ports?.http ?? 0);
  lifecycle.onStop('control API', () => api.close());
  if (options.mqtt) publisher.start(options.mqtt);
  lifecycle.onStop('MQTT client', () => publisher.stop());

  const liftStep = elapsed(clock);
  const slowStep = elapsed(clock);
  const timers = [
    clock.every(liftPeriod, () => {
      const at = clock.now();
      building.stepLifts(at, liftStep());
      servers.publish(at);
    }),
    clock.every(slowPeriod, () => {
      const at = clock.now();
      ledger.note(at, () => building.meters.readings());
      building.step(at, slowStep());
      sensors.tick(at);
      // A number that was given to an event must not be given again after a power cut.
      if (building.panel.eventCount !== savedEvents) attempt(save, logger);
    }),
    clock.every(savePeriod, () => attempt(save, logger)),
  ];
  lifecycle.onStop('timers', () => {
    for (const timer of timers) timer.cancel();
  });
  return { ports: { http, ...servers.ports }, building, stop: () => stopAll(lifecycle, logger) };
}

function prepareBuilding(options: SimulatorOptions, clock: Clock, publisher: Publisher) {
  const { dataDirectory, seed = 1, historyDays = 60 } = options;
  const saved = loadState(dataDirectory);
  if (saved && saved.seed !== seed) {
    throw new PlantroomError('seed-changed', `${dataDirectory} was made with seed ${saved.seed}, not ${seed}.`, {
      hint: `Use --seed ${saved.seed}, or another directory.`,
    });
  }
  const missed: { time: number; readings: Readings }[] = [];
  const building = new Building({
    seed,
    at: clock.now(),
    historyDays,
    saved,
    onPanelEvent: (event: PanelEvent) =>
      publisher.publishSurely('fire-panel', 'fire/fire-panel/events', event.time, event),
    onMissedQuarter: (time, readings) => missed.push({ time, readings }),
  });
  const ledger = new ReadingLedger(dataDirectory, historyOf(building));
  for (const { time, readings } of missed) ledger.note(time, () => readings);
  return { building, ledger };
}

function historyOf(building: Building) {
  return { seed: building.seed, end: building.begun, days: building.historyDays };
}

async function startServers(
  options: SimulatorOptions,
  building: Building,
  clock: Clock,
  logger: Logger,
  lifecycle: Lifecycle,
) {
  const units = modbusUnits(building);
  const modbus = async (name: keyof typeof units) => {
    const server = await startModbusServer({
      name,
      port: options.ports?.[name] ?? 0,
      units: units[name],
      clock,
      logger,
    });
    lifecycle.onStop(`modbus ${name}`, () => server.stop());
    return server.port;
  };
  const pumps = await modbus('pumps');
  const metersA = await modbus('metersA');
  const metersB = await modbus('metersB');
  const fire = await modbus('fire');
  const lifts = await startLiftServer({
    plant: building.lifts,
    port: options.ports?.opcua ?? 0,
    dataDirectory: options.dataDirectory,
    at: clock.now(),
    silent: (id) => building.silent(id),
  });
  lifecycle.onStop('OPC UA server', () => lifts.stop());
  return { ports: { opcua: lifts.port, pumps, metersA, metersB, fire }, publish: (at: number) => lifts.publish(at) };
}

async function listen(api: ReturnType<typeof createControlApi>, port: number): Promise<number> {
  try {
    const address = await api.listen({ host: '127.0.0.1', port });
    return Number(new URL(address).port);
  } catch (thrown) {
    throw listenError('http', port, coerceError(thrown));
  }
}

/** Seconds since the last call, by the monotonic clock. */
function elapsed(clock: Clock): () => number {
  let last = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    const seconds = Math.min(longestStep, (now - last) / 1000);
    last = now;
    return seconds;
  };
}

function attempt(run: () => void, logger: Logger): void {
  try {
    run();
  } catch (thrown) {
    logger.error({ reason: coerceError(thrown).message }, 'Could not save the registers; trying again later');
  }
}

async function stopAll(lifecycle: Lifecycle, logger: Logger): Promise<void> {
  for (const failure of await lifecycle.stop())
    logger.error({ reason: failure.message }, 'A part did not stop cleanly');
}
