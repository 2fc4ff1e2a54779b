import type { Random } from '@plantroom/base';
import type { CarFault } from '../lifts/car.ts';
import type { LiftFaults } from '../lifts/plant.ts';
import { liftRatings } from '../lifts/shaft.ts';
import type { Phases } from '../meters/electrical.ts';
import type { MeterId, SubMeterId } from '../meters/load-model.ts';
import type { MeterFaults } from '../meters/plant.ts';
import type { Disturbance } from '../modbus/unit.ts';
import { type DeviceBit, type PanelConditions, quiet } from '../panel/fire-panel.ts';
import { sensorIds } from '../sensors/environment.ts';
import type { WaterFaults } from '../water/plant.ts';
import type { PumpFault } from '../water/pump.ts';
import type { FaultBook } from './fault-book.ts';

type RunningFault =
  | 'pump-overload'
  | 'pump-current-unbalance'
  | 'pump-rotor-locked'
  | 'pump-bearing-seizes'
  | 'pump-discharge-shut';

function pumpFault(book: FaultBook, id: string, at: number): PumpFault {
  const dry = book.parameters('pump-dry-run', id);
  const worn = book.parameters('pump-bearing-wear', id);
  const lost = book.parameters('pump-phase-loss', id);
  const runs = (fault: RunningFault) => book.parameters(fault, id);
  const overload = runs('pump-overload');
  const unbalance = runs('pump-current-unbalance');
  const locked = runs('pump-rotor-locked');
  const seizes = runs('pump-bearing-seizes');
  const shut = runs('pump-discharge-shut');
  const stuck = book.parameters('pump-gauge-frozen', id);
  const hunts = book.parameters('pump-speed-hunting', id);
  const forcing = [dry, worn, lost, overload, unbalance, locked, seizes, shut, stuck, hunts];
  return {
    forced: forcing.some((fault) => fault?.forceRun),
    dry: dry && { tripAfter: dry.tripAfter, since: book.age('pump-dry-run', id, at) },
    worn: worn && { vibration: worn.vibration, ramp: worn.ramp, since: book.age('pump-bearing-wear', id, at) },
    tripped: book.has('pump-trip', id),
    off: book.has('pump-not-in-auto', id) || isCut(book),
    lostPhase: lost?.phase,
    overload: (book.parameters('pump-overload', id)?.share ?? 0) / 100,
    unbalance: (book.parameters('pump-current-unbalance', id)?.share ?? 0) / 100,
    locked: locked !== undefined,
    seizes: book.parameters('pump-bearing-seizes', id)?.temperature,
    shut: shut !== undefined,
    backflow: (book.parameters('pump-check-valve-leaks', id)?.share ?? 0) / 100,
    stuck: stuck?.gauge,
    hunting: (hunts?.swing ?? 0) / 100,
  };
}

/** What the active faults do to pumps and water. */
export function waterFaults(book: FaultBook, at: number): WaterFaults {
  return {
    pump: (id) => pumpFault(book, id, at),
    fireMainLeak: book.parameters('fire-main-leak', 'jockey-pump')?.flow ?? 0,
    tankLeak: book.parameters('tank-leak', 'roof-tank')?.flow ?? 0,
    flooding: book.parameters('sump-flooding', 'sump-pit')?.flow ?? 0,
  };
}

/** What they do to the lifts. */
export function liftFaults(book: FaultBook): LiftFaults {
  const hot = liftRatings.map(
    ({ id }) => book.parameters('lift-machine-room-hot', id)?.temperature ?? Number.NEGATIVE_INFINITY,
  );
  const hottest = Math.max(...hot);
  return {
    car: (id): CarFault => ({
      doorBlocked: book.has('lift-door-will-not-close', id),
      trapped: book.parameters('lift-entrapment', id),
      levellingError: (book.parameters('lift-levelling-error', id)?.error ?? 0) / 1000,
      outOfService: book.has('lift-out-of-service', id) || isCut(book),
      code: book.parameters('lift-fault-code', id)?.code ?? 0,
      overspeed: (book.parameters('lift-overspeed', id)?.share ?? 0) / 100,
      driveHeat: book.parameters('lift-drive-hot', id)?.rise ?? 0,
      doorSlow: book.parameters('lift-door-slow', id)?.seconds ?? 0,
    }),
    machineRoom: Number.isFinite(hottest) ? hottest : undefined,
  };
}

/** kW that a circuit keeps drawing when nobody switched it off, unless the fault names another figure. */
const leftOnPower: Readonly<Record<SubMeterId, number>> = {
  'chiller-meter': 120,
  'ahu-meter': 45,
  'lift-meter': 30,
  'pump-meter': 20,
  'lighting-low': 36,
  'lighting-high': 32,
  'tenant-low': 55,
  'tenant-mid': 62,
  'tenant-high': 48,
  'data-room': 60,
  carpark: 24,
};

/** A change of all three voltages, or of one. */
function voltageFault(book: FaultBook, meter: MeterId): { voltage: Phases } {
  if (isCut(book)) return { voltage: [0, 0, 0] };
  const all = (book.parameters('supply-voltage', meter)?.change ?? 0) / 100;
  const one = book.parameters('supply-voltage-unbalance', meter);
  const change = (phase: number) => 1 + all + (one?.phase === phase ? one.change / 100 : 0);
  return { voltage: [change(1), change(2), change(3)] };
}

/** What they do to the meters and their circuits. */
export function meterFaults(book: FaultBook): MeterFaults {
  return {
    cut: isCut(book),
    of: (meter) => ({
      reversed: book.parameters('meter-ct-reversed', meter)?.phase,
      lost: book.parameters('meter-phase-lost', meter)?.phase,
      frozen: book.has('meter-frozen', meter),
      ...voltageFault(book, meter),
      leading: book.has('meter-over-compensation', meter),
    }),
    leftOn(meter) {
      const fault = book.parameters('night-load-left-on', meter);
      return fault ? (fault.power ?? leftOnPower[meter]) : 0;
    },
  };
}

/** What they make the fire panel see. */
export function panelConditions(book: FaultBook): PanelConditions {
  if (book.none) return quiet;
  const panel = 'fire-panel';
  const trouble = book.allParameters('panel-trouble', panel);
  const kind = (name: string) => trouble.filter((t) => t.kind === name);
  const marked = (bit: DeviceBit) => (place: { loop: number; device: number }) => ({ ...place, bit });
  return {
    devices: [
      ...book.allParameters('detector-fire-alarm', panel).map(marked('fire')),
      ...book.allParameters('detector-disabled', panel).map(marked('disabled')),
      ...kind('device').map(marked('fault')),
      ...book.allParameters('device-supervisory', panel).map(marked('supervisory')),
    ],
    openLoops: kind('loop').map((t) => t.loop),
    mainsLost: kind('mains').length > 0 || isCut(book),
    batteryFailed: kind('battery').length > 0,
    manual: book.has('panel-manual', panel),
  };
}

/** The main meter, the panel and the sensors live on a supply of their own when the building has none. */
const ownSupply: ReadonlySet<string> = new Set(['main-meter', 'fire-panel', ...sensorIds]);

/** True if the device does not answer: it has failed, or is without power. */
export function isSilent(book: FaultBook, target: string): boolean {
  return book.has('device-silent', target) || (isCut(book) && !ownSupply.has(target));
}

export function isCut(book: FaultBook): boolean {
  return book.has('power-cut', 'main-meter');
}

/** What they do to a device's Modbus answers; null when its link is sound. */
export function disturbanceOf(book: FaultBook, target: string, random: Random): Disturbance | null {
  if (book.none) return null;
  const silent = isSilent(book, target);
  const exceptions = book.parameters('modbus-exception', target);
  const late = book.parameters('late-answer', target);
  if (!silent && !exceptions && !late) return null;
  return {
    silent,
    exception({ address, count }) {
      if (!exceptions) return undefined;
      const { code, share, address: only } = exceptions;
      if (only !== undefined && (only < address || only >= address + count)) return undefined;
      return share >= 1 || random() < share ? code : undefined;
    },
    delay: () => (late && (late.share >= 1 || random() < late.share) ? late.delay : 0),
  };
}
