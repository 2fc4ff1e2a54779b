import { certificate } from './certificate.ts';
import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { both, figure, unbalance } from './figures.ts';
import { pumpDutyFaults } from './pump-duty.ts';
import { pumpHydraulicFaults } from './pump-hydraulics.ts';
import { pumpMachineFaults } from './pump-machine.ts';
import { pumpTexts } from './pump-texts.ts';
import { silence } from './silence.ts';
import { type StartCount, startsSince } from './starts.ts';
import { unusual } from './unusual.ts';

interface Turning {
  readonly points: { readonly running: number };
}
const turning = (v: Turning) => v.points.running === 1;

/** Speed as a share of rated; a pump without a speed point runs at its rated speed. */
const share = (speed: number | undefined) => Math.max(0.1, (speed ?? 100) / 100);

/** P2. Power follows the cube of speed and flow its first power (affinity laws), so the limits do too. */
const dryRun = defineFault('pump', {
  id: 'pump.dry-run',
  texts: pumpTexts.dryRun,
  points: ['running'],
  optional: ['power', 'flow', 'suctionPressure', 'speed', 'head'],
  oneOf: ['power', 'suctionPressure'],
  ratings: ['ratedPower', 'ratedFlow'],
  parameters: {
    leastPower: limit('%', 50, [10, 90], 'fault library P2: below half of the usual power'),
    leastFlow: limit('%', 10, [1, 50], 'fault library P1: below 10 % of rated flow'),
    leastSuction: limit('MPa', -0.03, [-0.09, 1], engineering),
    mostHead: limit('m', 5, [0.5, 50], 'engineering default: a casing without water builds next to no head'),
  },
  onDelay: seconds(10, [2, 120], 'fault library P2: 10 s'),
  offDelay: seconds(10, [0, 600], engineering),
  gate: turning,
  condition: ({ points: p, ratings: r, parameters: limits }) => {
    const n = share(p.speed);
    const starved = p.flow === undefined || p.flow < (limits.leastFlow / 100) * r.ratedFlow * n;
    const idle = p.power !== undefined && p.power < (limits.leastPower / 100) * r.ratedPower * n ** 3;
    const sucked = p.suctionPressure !== undefined && p.suctionPressure < limits.leastSuction;
    const builds = p.head !== undefined && p.head > limits.mostHead;
    return !builds && starved && (idle || sucked);
  },
  priority: 1,
  trade: 'mechanical',
  raisesOrder: true,
  respondWithin: 5,
  detail: ({ points: p, ratings: r }) =>
    p.power === undefined
      ? both(
          `Runs dry: suction pressure ${figure(p.suctionPressure, 3)} MPa, flow ${figure(p.flow)} m³/h`,
          `干转：吸入压力 ${figure(p.suctionPressure, 3)} MPa，流量 ${figure(p.flow)} m³/h`,
        )
      : both(
          `Runs dry: ${figure(p.power)} kW of rated ${figure(r.ratedPower)} kW, flow ${figure(p.flow)} m³/h`,
          `干转：功率 ${figure(p.power)} kW（额定 ${figure(r.ratedPower)} kW），流量 ${figure(p.flow)} m³/h`,
        ),
});

/**
 * P1. A speed-controlled pump that holds its pressure while hardly anybody draws water does what it should; one that builds
 * the head of a closed valve is `pump.deadhead`.
 */
const noFlow = defineFault('pump', {
  id: 'pump.no-flow',
  texts: pumpTexts.noFlow,
  settles: true,
  points: ['running', 'flow'],
  optional: ['speed', 'head'],
  ratings: ['ratedFlow'],
  optionalRatings: ['ratedHead', 'shutOffHead'],
  parameters: {
    leastFlow: limit('%', 10, [1, 50], 'fault library P1: below 10 % of rated flow'),
    heldHead: limit('%', 70, [30, 100], 'engineering default: share of the rated head that counts as holding pressure'),
    controlledSpeed: limit('%', 97, [50, 100], 'engineering default: below it the speed is under control'),
  },
  onDelay: seconds(30, [5, 600], 'fault library P1: 30 s'),
  offDelay: seconds(15, [0, 600], 'ISA-18.2: flow 15 s'),
  gate: turning,
  condition: ({ points: p, ratings: r, parameters: limits }) => {
    const controlled = p.speed !== undefined && p.speed < limits.controlledSpeed;
    const held = p.head !== undefined && r.ratedHead !== undefined && p.head >= (limits.heldHead / 100) * r.ratedHead;
    if (p.head !== undefined && p.head > 0.95 * (r.shutOffHead ?? Number.POSITIVE_INFINITY) * share(p.speed) ** 2)
      return false;
    return !(controlled && held) && p.flow < (limits.leastFlow / 100) * r.ratedFlow * share(p.speed);
  },
  explainedBy: [{ fault: 'pump.dry-run', subject: 'any' }],
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  respondWithin: 15,
  detail: ({ points, ratings }) =>
    both(
      `Runs without flow: ${figure(points.flow)} m³/h of rated ${figure(ratings.ratedFlow)} m³/h`,
      `运行但无流量：${figure(points.flow)} m³/h（额定 ${figure(ratings.ratedFlow)} m³/h）`,
    ),
});

const vibrationHigh = defineFault('pump', {
  id: 'pump.vibration-high',
  texts: pumpTexts.vibrationHigh,
  settles: true,
  points: ['running', 'vibration'],
  parameters: { zoneC: limit('mm/s', 4, [0.5, 20], 'ISO 10816-7 category I up to 200 kW: zone B/C') },
  onDelay: seconds(60, [5, 3600], 'fault library P7: 60 s'),
  offDelay: seconds(60, [0, 3600], engineering),
  gate: turning,
  condition: ({ points, parameters }) => points.vibration > parameters.zoneC,
  explainedBy: [{ fault: 'pump.vibration-dangerous', subject: 'any' }],
  priority: 3,
  trade: 'mechanical',
  raisesOrder: false,
  detail: ({ points, parameters }) =>
    both(
      `Vibration ${figure(points.vibration, 2)} mm/s, zone C begins at ${figure(parameters.zoneC, 2)} mm/s`,
      `振动 ${figure(points.vibration, 2)} mm/s，C 区起点 ${figure(parameters.zoneC, 2)} mm/s`,
    ),
});

const vibrationDangerous = defineFault('pump', {
  id: 'pump.vibration-dangerous',
  texts: pumpTexts.vibrationDangerous,
  points: ['running', 'vibration'],
  parameters: { zoneD: limit('mm/s', 6.6, [1, 30], 'ISO 10816-7 category I up to 200 kW: zone C/D') },
  onDelay: seconds(60, [5, 3600], 'fault library P7: 60 s'),
  offDelay: seconds(60, [0, 3600], engineering),
  gate: turning,
  condition: ({ points, parameters }) => points.vibration > parameters.zoneD,
  priority: 1,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ points, parameters }) =>
    both(
      `Vibration ${figure(points.vibration, 2)} mm/s, danger begins at ${figure(parameters.zoneD, 2)} mm/s`,
      `振动 ${figure(points.vibration, 2)} mm/s，已超过危险值 ${figure(parameters.zoneD, 2)} mm/s`,
    ),
});

/** A bearing cools slowly, so a pump that has just stopped keeps its alarm: no gate. */
const bearingTemperature = defineFault('pump', {
  id: 'pump.bearing-temperature',
  texts: pumpTexts.bearingTemperature,
  points: ['bearingTemperature'],
  parameters: { limit: limit('Cel', 82, [40, 130], 'API 610: bearing 82 °C') },
  onDelay: seconds(60, [5, 3600], 'ISA-18.2: temperature 60 s'),
  offDelay: seconds(60, [0, 3600], 'ISA-18.2: temperature 60 s'),
  condition: ({ points, parameters }) => points.bearingTemperature > parameters.limit,
  explainedBy: [{ fault: 'pump.vibration-dangerous', subject: 'any' }],
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ points, parameters }) =>
    both(
      `Bearing at ${figure(points.bearingTemperature)} °C, limit ${figure(parameters.limit)} °C`,
      `轴承温度 ${figure(points.bearingTemperature)} °C，限值 ${figure(parameters.limit)} °C`,
    ),
});

/** P10 in two steps: a clear overload shortens the delay of a slight one. */
const motorOverload = defineFault('pump', {
  id: 'pump.motor-overload',
  texts: pumpTexts.motorOverload,
  settles: true,
  points: ['running', 'currentL1'],
  optional: ['currentL2', 'currentL3'],
  ratings: ['ratedCurrent'],
  parameters: {
    slight: limit('%', 105, [100, 130], 'fault library P10: 105 % for 10 min'),
    clear: limit('%', 115, [101, 200], 'fault library P10: 115 % for 1 min'),
    clearDelay: seconds(60, [5, 600], 'fault library P10: 115 % for 1 min'),
  },
  onDelay: seconds(600, [10, 3600], 'fault library P10: 105 % for 10 min'),
  offDelay: seconds(60, [0, 3600], engineering),
  gate: turning,
  condition: ({ points, ratings, parameters }) => load(points, ratings.ratedCurrent) > parameters.slight,
  hasten: ({ points, ratings, parameters }) =>
    load(points, ratings.ratedCurrent) > parameters.clear ? parameters.clearDelay : undefined,
  explainedBy: [
    { fault: 'pump.phase-loss', subject: 'any' },
    { fault: 'pump.locked-rotor', subject: 'any' },
  ],
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ points, ratings }) =>
    both(
      `Motor at ${figure(load(points, ratings.ratedCurrent), 0)} % of its rated current ${figure(ratings.ratedCurrent)} A`,
      `电机电流为额定值 ${figure(ratings.ratedCurrent)} A 的 ${figure(load(points, ratings.ratedCurrent), 0)} %`,
    ),
});

interface Currents {
  readonly currentL1: number;
  readonly currentL2: number | undefined;
  readonly currentL3: number | undefined;
}
const load = (p: Currents, rated: number) => (100 * Math.max(p.currentL1, p.currentL2 ?? 0, p.currentL3 ?? 0)) / rated;

const unbalanced = (p: { readonly [P in 'currentL1' | 'currentL2' | 'currentL3']: number }) =>
  unbalance(p.currentL1, p.currentL2, p.currentL3, 0.5);

const currentUnbalance = defineFault('pump', {
  id: 'pump.current-unbalance',
  texts: pumpTexts.currentUnbalance,
  settles: true,
  points: ['running', 'currentL1', 'currentL2', 'currentL3'],
  parameters: { warn: limit('%', 10, [2, 50], 'fault library P11: 10 % of the mean') },
  onDelay: seconds(60, [5, 3600], engineering),
  offDelay: seconds(60, [0, 3600], engineering),
  gate: turning,
  condition: ({ points, parameters }) => (unbalanced(points) ?? 0) > parameters.warn,
  explainedBy: [{ fault: 'pump.phase-loss', subject: 'any' }],
  priority: 3,
  trade: 'electrical',
  raisesOrder: false,
  detail: ({ points: p }) =>
    both(
      `Currents ${figure(p.currentL1)} / ${figure(p.currentL2)} / ${figure(p.currentL3)} A, ${figure(unbalanced(p), 0)} % off balance`,
      `三相电流 ${figure(p.currentL1)} / ${figure(p.currentL2)} / ${figure(p.currentL3)} A，不平衡度 ${figure(unbalanced(p), 0)} %`,
    ),
});

const phaseLoss = defineFault('pump', {
  id: 'pump.phase-loss',
  texts: pumpTexts.phaseLoss,
  points: ['running', 'currentL1', 'currentL2', 'currentL3'],
  parameters: { loss: limit('%', 30, [15, 100], 'fault library P11: 30 % of the mean is a lost phase') },
  onDelay: seconds(5, [1, 120], engineering),
  offDelay: seconds(10, [0, 600], engineering),
  gate: turning,
  condition: ({ points, parameters }) => (unbalanced(points) ?? 0) > parameters.loss,
  priority: 1,
  trade: 'electrical',
  raisesOrder: true,
  respondWithin: 3,
  detail: ({ points: p }) =>
    both(
      `A phase is missing: ${figure(p.currentL1)} / ${figure(p.currentL2)} / ${figure(p.currentL3)} A`,
      `缺相：三相电流 ${figure(p.currentL1)} / ${figure(p.currentL2)} / ${figure(p.currentL3)} A`,
    ),
});

const commandMismatch = defineFault('pump', {
  id: 'pump.command-mismatch',
  texts: pumpTexts.commandMismatch,
  points: ['running', 'command'],
  onDelay: seconds(10, [1, 300], 'fault library P14: 10 s'),
  offDelay: seconds(5, [0, 300], engineering),
  condition: ({ points }) => points.command !== points.running,
  explainedBy: [
    { fault: 'pump.tripped', subject: 'any' },
    { fault: 'pump.locked-rotor', subject: 'any' },
  ],
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ points }) =>
    points.command === 1
      ? both('Commanded to run, but stands still', '已发出启动指令，但水泵未运行')
      : both('Runs without a command', '无启动指令，水泵却在运行'),
});

const tripped = defineFault('pump', {
  id: 'pump.tripped',
  texts: pumpTexts.tripped,
  points: ['tripped'],
  optional: ['faultCode'],
  onDelay: seconds(1, [0, 60], engineering),
  offDelay: seconds(5, [0, 300], engineering),
  condition: ({ points }) => points.tripped === 1,
  explainedBy: [
    { fault: 'pump.dry-run', subject: 'any' },
    { fault: 'pump.phase-loss', subject: 'any' },
    { fault: 'pump.motor-overload', subject: 'any' },
  ],
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ points: { faultCode }, codes }) => {
    if (!faultCode) return both('Tripped by its protection', '电机保护跳闸');
    const word = codes.faultCode?.[faultCode];
    return both(
      `Tripped, controller code ${figure(faultCode)}${word ? `: ${word.en}` : ''}`,
      `保护跳闸，控制器故障代码 ${figure(faultCode)}${word ? `：${word.zh}` : ''}`,
    );
  },
});

const notInAutomatic = defineFault('pump', {
  id: 'pump.not-in-automatic',
  texts: pumpTexts.notInAutomatic,
  points: ['mode'],
  onDelay: seconds(1800, [60, 86_400], 'fault library F11: 30 min out of automatic'),
  offDelay: seconds(10, [0, 600], engineering),
  condition: ({ points }) => points.mode !== 1,
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ points }) =>
    points.mode === 0 ? both('Switched off', '控制模式在停用位') : both('Left in manual', '控制模式在手动位'),
});

interface Starts extends StartCount {
  /** Event times of starts in the last hour, newest last. */
  times: number[];
}
const hour = 3_600_000;
const mostStarts = 60;

/** P13. */
const shortCycling = defineFault('pump', {
  id: 'pump.short-cycling',
  texts: pumpTexts.shortCycling,
  points: ['running'],
  optional: ['starts'],
  optionalRatings: ['ratedPower'],
  parameters: {
    small: limit('/h', 15, [2, 60], 'GB 50974: jockey pump at most 15 starts an hour'),
    large: limit('/h', 6, [1, 60], 'fault library P13: motors above 15 kW at most 6 starts an hour'),
  },
  memory: (): Starts => ({ last: null, times: [] }),
  update: ({ now, points, memory }) => {
    const asked = memory.at ?? now;
    const begun = Math.min(mostStarts, startsSince(points, memory, now));
    // When nothing was read for an hour, nobody knows which of them were in the last.
    if (now - asked < hour) for (let start = 0; start < begun; start += 1) memory.times.push(now);
    while (memory.times.length > mostStarts || (memory.times[0] ?? now) <= now - hour) memory.times.shift();
  },
  condition: ({ memory, ratings, parameters }) =>
    memory.times.length > ((ratings.ratedPower ?? 0) > 15 ? parameters.large : parameters.small),
  offDelay: seconds(300, [0, 3600], engineering),
  priority: 3,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(`${memory.times.length} starts in the last hour`, `最近一小时启动 ${memory.times.length} 次`),
});

export const pumpFaults: readonly Fault[] = [
  dryRun,
  noFlow,
  vibrationHigh,
  vibrationDangerous,
  bearingTemperature,
  motorOverload,
  currentUnbalance,
  phaseLoss,
  commandMismatch,
  tripped,
  notInAutomatic,
  shortCycling,
  ...pumpHydraulicFaults,
  ...pumpMachineFaults,
  ...pumpDutyFaults,
  silence('pump', 3, 'instrumentation', true),
  certificate('pump'),
  unusual('pump', 'mechanical'),
];
