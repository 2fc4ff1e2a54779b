import type { EquipmentView, LatestPoint } from '@plantroom/model/api';
import { equipment } from './building.ts';

const minute = 60_000;

/** A number between 0 and 1 that is the same for the same words. */
export function fixedNoise(...words: readonly (string | number)[]): number {
  let hash = 2_166_136_261;
  for (const letter of words.join('|')) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619);
  hash ^= hash >>> 15;
  return ((Math.imul(hash, 2_246_822_519) >>> 0) % 100_000) / 100_000;
}

/** Swings slowly around a middle, each point at its own pace. */
function wave(key: string, time: number, middle: number, swing: number, period = 20 * minute): number {
  const phase = fixedNoise(key) * 2 * Math.PI;
  return middle + swing * Math.sin((2 * Math.PI * time) / period + phase) + swing * 0.2 * (fixedNoise(key, time) - 0.5);
}

/** How busy the building is at an hour of its day, 0 to 1. */
export function busyness(time: number): number {
  const hour = ((time + 8 * 60 * minute) % (24 * 60 * minute)) / (60 * minute);
  return 1 / (1 + Math.exp(-(hour - 8) * 1.6)) - 0.92 / (1 + Math.exp(-(hour - 19.5) * 1.3));
}

const shares: Readonly<Record<string, number>> = {
  'main-meter': 1,
  'chiller-meter': 0.27,
  'ahu-meter': 0.13,
  'lift-meter': 0.06,
  'pump-meter': 0.05,
  'data-room': 0.08,
};

/** kW of a meter; the chillers run on through this night. */
export function loadOf(meter: string, time: number): number {
  const whole = 90 + 360 * busyness(time) + 14 * (fixedNoise(meter, Math.floor(time / (15 * minute))) - 0.5);
  return whole * (shares[meter] ?? 0.07);
}

type Model = (id: string, time: number) => Readonly<Record<string, number>>;

const lift: Model = (id, time) => {
  const cycle = 40_000 + 15_000 * fixedNoise(id);
  const leg = Math.floor(time / cycle);
  const stuck = id === 'elevator-5';
  const stopAt = (n: number) => 1 + Math.floor(23.99 * fixedNoise(id, n));
  const part = (time % cycle) / cycle;
  const [from, to] = [stopAt(leg), stopAt(leg + 1)];
  const share = Math.min(1, part / 0.6);
  const moving = !stuck && part < 0.6 && from !== to;
  const floor = stuck ? 6 : Math.round(from + (to - from) * share);
  const speed = moving ? Math.sign(to - from) * 2.5 : 0;
  return {
    floor,
    height: (floor - 1) * 4,
    speed,
    direction: speed > 0 ? 2 : speed < 0 ? 3 : 1,
    moving: moving ? 1 : 0,
    door: stuck ? 4 : moving ? 0 : part < 0.92 ? 2 : 3,
    doorReopenCount: stuck ? 4 : 0,
    load: stuck ? 0 : Math.round(10 + 60 * fixedNoise(id, leg, 'load')),
    mode: 1,
    alarmButton: 0,
    safetyChain: 1,
    faultCode: stuck ? 2 : 0,
    driveTemperature: wave(`${id}d`, time, 44, 3),
    machineRoomTemperature: wave('room', time, 29, 1),
    trips: Math.floor(time / cycle) % 900_000,
    runHours: 12_400 + ((time / 3_600_000) % 1000),
    energy: 48_000 + ((time / 900_000) % 1000),
  };
};

const running = new Set(['booster-1', 'booster-2', 'jockey-pump']);

const pump: Model = (id, time) => {
  const runs = running.has(id);
  const flow = runs ? wave(`${id}f`, time, id === 'jockey-pump' ? 2.1 : id === 'booster-1' ? 18.4 : 15.6, 2) : 0;
  return {
    running: runs ? 1 : 0,
    mode: 1,
    tripped: 0,
    speed: runs ? wave(`${id}s`, time, id === 'booster-1' ? 82 : 64, 4) : 0,
    flow,
    head: runs ? 118 - (flow / 25) ** 2 * 14 : 0,
    dischargePressure: id.startsWith('booster') ? 1.1 : 0.71,
    power: runs ? wave(`${id}p`, time, 7.4, 0.5) : 0,
    currentL1: runs ? wave(`${id}c`, time, 14.2, 0.8) : 0,
    vibration: runs ? wave(`${id}v`, time, 1.8, 0.2) : 0,
    bearingTemperature: wave(`${id}b`, time, runs ? 48 : 27, 1),
    starts: 2_310,
    runHours: 8_210 + ((time / 3_600_000) % 1000),
    energy: 31_450.4,
  };
};

const panel: Model = () => ({
  fire: 0,
  fault: 0,
  disabled: 1,
  supervisory: 0,
  mainsFault: 0,
  batteryFault: 0,
  manual: 0,
  fireCount: 0,
  faultCount: 0,
  disabledCount: 1,
  batteryVoltage: 27.1,
  'loop[3].device[32].state': 3,
});

const meter: Model = (id, time) => {
  const power = loadOf(id, time);
  const phase = (n: number, share: number) => ({
    [`voltageL${n}`]: wave(`${id}u${n}`, time, 221 + n, 1),
    [`currentL${n}`]: (power * share * 1000) / 220 / 0.95,
    [`powerL${n}`]: power * share,
  });
  return {
    ...phase(1, 0.35),
    ...phase(2, 0.33),
    ...phase(3, 0.32),
    power,
    reactivePower: power * 0.29,
    apparentPower: power * 1.041,
    powerFactor: 0.961,
    frequency: wave('hz', time, 50, 0.02),
    energyImport: 4_812_003.4 + ((time / 3_600_000) % 100_000),
  };
};

const sensor: Model = (id, time) => ({
  temperature: id === 'outdoor' ? wave(id, time, 31.4, 0.4) : wave(id, time, id === 'carpark-b1' ? 27 : 24.2, 0.6),
  humidity: wave(`${id}h`, time, id === 'outdoor' ? 71 : 52, 3),
  co2: id === 'outdoor' ? 420 : wave(`${id}c`, time, 640, 90),
  pm25: wave(`${id}p`, time, 14, 4),
  illuminance: id === 'outdoor' ? 38_000 : 420,
  battery: 87,
});

const tank: Model = (id, time) => {
  const level = wave(id, time, id === 'roof-tank' ? 68 : 42, 6);
  return { level, depth: (level / 100) * 2.8, highLevel: 0, lowLevel: 0 };
};

const models = {
  elevator: lift,
  pump,
  'fire-panel': panel,
  'energy-meter': meter,
  'environment-sensor': sensor,
  'water-tank': tank,
} as const;

/** What a point of the building reads at a moment. */
export function valueAt(machine: EquipmentView, point: string, time: number): number {
  return models[machine.kind](machine.id, time)[point] ?? 0;
}

/** Silent for long, so that its values must be shown as old. */
export const silentSensor = 'carpark-b1';

/** Newest values of every point; one sensor has been silent for 9 hours and one value is uncertain. */
export function latestAt(now: number): LatestPoint[] {
  return equipment.flatMap((machine) =>
    machine.points.map((point): LatestPoint => {
      const isSilent = machine.id === silentSensor;
      const time = isSilent ? now - 9 * 60 * minute : now - 800;
      const isUncertain = machine.id === 'booster-3' && point === 'bearingTemperature';
      return {
        site: machine.site,
        equipment: machine.id,
        point,
        time,
        gatewayTime: time,
        value: valueAt(machine, point, time),
        quality: isUncertain ? 'uncertain' : 'good',
        reason: isUncertain ? 'held' : null,
        changedAt: time - 4_000,
        staleAfter: 63_000,
        heardAt: time,
        stale: isSilent,
      };
    }),
  );
}
