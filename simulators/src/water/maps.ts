import { type RegisterTable, sequence } from '../modbus/registers.ts';
import { modes, type Pump, tripCodes } from './pump.ts';
import { metresPerBar } from './pump-curve.ts';
import type { Tank } from './tank.ts';

const bit = (condition: boolean, position: number) => (condition ? 1 << position : 0);

function controllerStatus(pump: Pump): number {
  return (
    bit(pump.command, 0) |
    bit(pump.running, 1) |
    bit(pump.mode === modes.auto, 2) |
    bit(pump.tripCode !== tripCodes.none, 3) |
    bit(pump.suction < -0.3, 4) |
    bit(pump.fault.lostPhase !== undefined, 5)
  );
}

/** The pump panel of this building, described in README.md; 32-bit counters with the least significant word first. */
export const pumpController: RegisterTable<Pump>[] = [
  {
    functions: [3, 4],
    fill: 0,
    maximum: 125,
    blocks: [{ first: 0, last: 39 }],
    entries: [
      ...sequence<Pump>(0, 1, 'u16', [
        controllerStatus,
        (p) => Number(p.command),
        (p) => Number(p.running),
        (p) => p.mode,
        (p) => Number(p.tripCode !== tripCodes.none),
        (p) => p.tripCode,
        (p) => p.speed * 1000,
        (p) => p.speed * 5000,
        (p) => p.currents[0] * 10,
        (p) => p.currents[1] * 10,
        (p) => p.currents[2] * 10,
        (p) => p.shown.vibration * 100,
      ]),
      ...sequence<Pump>(12, 1, 's16', [
        (p) => p.bearingTemperature * 10,
        (p) => p.motorTemperature * 10,
        (p) => p.ambient * 10,
        (p) => p.suction * 1000,
      ]),
      ...sequence<Pump>(20, 2, 'f32', [
        (p) => p.shown.flow,
        (p) => p.discharge,
        (p) => p.shown.power,
        (p) => p.shown.head,
      ]),
      ...sequence<Pump>(
        30,
        2,
        'u32',
        [
          (p) => p.counters.starts,
          (p) => p.counters.runSeconds / 360,
          (p) => p.counters.energy * 10,
          (p) => p.counters.volume * 10,
        ],
        'LSW',
      ),
    ],
  },
];

const sensorMaximum = 16;
const kelvin = 273.15;

function grundfosStatus(pump: Pump): number {
  return (
    bit(pump.running && pump.speed >= 0.999, 13) |
    bit(pump.running, 6) |
    bit(true, 8) |
    bit(pump.running, 9) |
    bit(pump.tripCode !== tripCodes.none, 10) |
    bit(grundfosWarning(pump) !== 0, 11) |
    bit(pump.running && pump.speed <= pump.rating.lowestSpeed, 15)
  );
}

function grundfosAlarm(pump: Pump): number {
  if (pump.tripCode === tripCodes.dryRun) return 57;
  return pump.tripCode === tripCodes.none ? 0 : 48;
}

/** The pump's own dry-run protection needs some seconds to be sure. */
function grundfosWarning(pump: Pump): number {
  return pump.running && pump.fault.dry && pump.fault.dry.since >= 5 ? 57 : 0;
}

function operatingMode(pump: Pump): number {
  if (pump.mode === modes.off) return 4;
  return pump.mode === modes.manual ? 3 : 0;
}

const feedback = (pump: Pump) => (Math.max(0, pump.discharge) / sensorMaximum) * 10_000;
const setpoint = (pump: Pump) => (pump.mode === modes.auto ? (10.8 / sensorMaximum) * 10_000 : 10_000);
const specificEnergy = (pump: Pump) => (pump.flow < 0.1 ? 0 : (pump.power * 1000) / pump.flow);

/** Grundfos E-pump behind a CIM module; what this pump has not reads 0xFFFF. */
export const grundfosCim: RegisterTable<Pump>[] = [
  {
    functions: [3, 4],
    fill: 0xffff,
    maximum: 125,
    blocks: [
      { first: 100, last: 105 },
      { first: 200, last: 210 },
      { first: 300, last: 357 },
    ],
    entries: [
      ...sequence<Pump>(100, 1, 'u16', [(p) => 1 | bit(p.command, 1), () => 4, operatingMode, setpoint]),
      ...sequence<Pump>(200, 1, 'u16', [grundfosStatus, feedback, () => 4, operatingMode]),
      ...sequence<Pump>(204, 1, 'u16', [grundfosAlarm, grundfosWarning]),
      ...sequence<Pump>(208, 1, 'u16', [() => 0, () => 0, () => sensorMaximum]),
      ...sequence<Pump>(300, 1, 'u16', [
        (p) => (p.shown.head / metresPerBar) * 1000,
        (p) => p.shown.flow * 10,
        (p) => p.speed * 10_000,
        (p) => p.speed * p.rating.ratedSpeed,
        (p) => p.speed * 500,
      ]),
      ...sequence<Pump>(307, 1, 'u16', [setpoint, (p) => p.currents[0] * 10, () => 5370]),
      { address: 311, type: 'u32', read: (p) => p.shown.power * 1000 },
      ...sequence<Pump>(320, 1, 'u16', [
        (p) => (p.motorTemperature + kelvin) * 100,
        (p) => (15 + 0.1 * p.ambient + kelvin) * 100,
      ]),
      { address: 325, type: 'u16', read: specificEnergy },
      { address: 326, type: 'u32', read: (p) => p.counters.runSeconds / 3600 },
      { address: 328, type: 'u32', read: (p) => p.counters.runSeconds / 3600 + 17_500 },
      { address: 331, type: 'u32', read: (p) => p.counters.energy },
      { address: 333, type: 'u32', read: (p) => p.counters.starts },
      { address: 338, type: 'u16', read: (p) => (p.shown.head / metresPerBar) * 1000 },
      { address: 356, type: 'u32', read: (p) => p.counters.volume * 100 },
    ],
  },
];

/** The level transmitter of this building, described in README.md. */
export const levelTransmitter: RegisterTable<Tank>[] = [
  {
    functions: [3, 4],
    fill: 0,
    maximum: 125,
    blocks: [{ first: 0, last: 9 }],
    entries: [
      ...sequence<Tank>(0, 1, 'u16', [
        (t) => t.level * 1000,
        (t) => t.depth * 1000,
        (t) => Number(t.depth < t.shape.lowFloat),
        (t) => Number(t.depth >= t.shape.highFloat),
      ]),
      { address: 4, type: 's16', read: (t) => t.temperature * 10 },
      { address: 6, type: 'f32', read: (t) => t.volume },
    ],
  },
];
