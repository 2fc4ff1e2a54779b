import type { Random } from '@plantroom/base';
import type { CarFault } from '../lifts/car.ts';
import type { LiftFaults } from '../lifts/plant.ts';
import { liftRatings } from '../lifts/shaft.ts';
import type { SubMeterId } from '../meters/load-model.ts';
import type { MeterFaults } from '../meters/plant.ts';
import type { Disturbance } from '../modbus/unit.ts';
import { type DeviceBit, type PanelConditions, quiet } from '../panel/fire-panel.ts';
import type { WaterFaults } from '../water/plant.ts';
import type { PumpFault } from '../water/pump.ts';
import type { FaultBook } from './fault-book.ts';

function pumpFault(book: FaultBook, id: string, at: number): PumpFault {
  const dry = book.parameters('pump-dry-run', id);
  const worn = book.parameters('pump-bearing-wear', id);
  const lost = book.parameters('pump-phase-loss', id);
  return {
    forced: (dry?.forceRun ?? false) || (worn?.forceRun ?? false) || (lost?.forceRun ?? false),
    dry: dry && { tripAfter: dry.tripAfter, since: book.age('pump-dry-run', id, at) },
    worn: worn && { vibration: worn.vibration, ramp: worn.ramp, since: book.age('pump-bearing-wear', id, at) },
    tripped: book.has('pump-trip', id),
    off: book.has('pump-not-in-auto', id),
    lostPhase: lost?.phase,
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
      outOfService: book.has('lift-out-of-service', id),
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

/** What they do to the meters and their circuits. */
export function meterFaults(book: FaultBook): MeterFaults {
  return {
    of: (meter) => ({
      reversed: book.parameters('meter-ct-reversed', meter)?.phase,
      lost: book.parameters('meter-phase-lost', meter)?.phase,
      frozen: book.has('meter-frozen', meter),
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
    ],
    openLoops: kind('loop').map((t) => t.loop),
    mainsLost: kind('mains').length > 0,
    batteryFailed: kind('battery').length > 0,
    manual: book.has('panel-manual', panel),
  };
}

/** What they do to a device's Modbus answers; null when its link is sound. */
export function disturbanceOf(book: FaultBook, target: string, random: Random): Disturbance | null {
  if (book.none) return null;
  const silent = book.has('device-silent', target);
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
