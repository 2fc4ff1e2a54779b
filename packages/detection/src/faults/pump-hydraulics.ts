import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { pumpHydraulicTexts } from './pump-hydraulic-texts.ts';
import { type Followed, follow, notFollowed, spread } from './trend.ts';

const hour = 3_600_000;
/** Speed as a share of rated; a pump without a speed point runs at its rated speed. */
const share = (speed: number | undefined) => Math.max(0.1, (speed ?? 100) / 100);
const turning = (v: { readonly points: { readonly running: number } }) => v.points.running === 1;

/** P4. The head of the closed valve: `pump.no-flow` leaves this case to it. */
const deadhead = defineFault('pump', {
  id: 'pump.deadhead',
  texts: pumpHydraulicTexts.deadhead,
  settles: true,
  points: ['running', 'flow', 'head'],
  optional: ['speed'],
  ratings: ['ratedFlow', 'shutOffHead'],
  parameters: {
    leastFlow: limit('%', 10, [1, 50], 'fault library P1: below 10 % of rated flow is none'),
    leastHead: limit('%', 95, [70, 110], 'fault library P4: 95 % of the shut-off head'),
  },
  onDelay: seconds(60, [5, 600], 'fault library P4: 60 s'),
  offDelay: seconds(15, [0, 600], 'ISA-18.2: flow 15 s'),
  gate: turning,
  condition: ({ points: p, ratings: r, parameters: limits }) => {
    const n = share(p.speed);
    const shut = p.head > (limits.leastHead / 100) * r.shutOffHead * n ** 2;
    return shut && p.flow < (limits.leastFlow / 100) * r.ratedFlow * n;
  },
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  respondWithin: 5,
  detail: ({ points, ratings }) =>
    both(
      `Pumps against a closed pipe: ${figure(points.head)} m of ${figure(ratings.shutOffHead)} m at ${figure(points.flow)} m³/h`,
      `出口堵死：扬程 ${figure(points.head)} m（零流量扬程 ${figure(ratings.shutOffHead)} m），流量 ${figure(points.flow)} m³/h`,
    ),
});

/** P5. Residual of the curve H = n² H0 - k Q² through the shut-off and the rated point (affinity laws on a parabola). */
const headLoss = defineFault('pump', {
  id: 'pump.head-below-curve',
  texts: pumpHydraulicTexts.headLoss,
  settles: true,
  points: ['running', 'flow', 'head'],
  optional: ['speed'],
  ratings: ['ratedFlow', 'ratedHead', 'shutOffHead'],
  parameters: {
    warn: limit('%', 5, [2, 30], 'ISO 9906 grade 2B: head -5 %'),
    followed: limit('h', 1, [0.1, 48], engineering),
  },
  every: 10,
  memory: notFollowed,
  update: ({ now, points: p, ratings: r, parameters, memory }) => {
    const n = share(p.speed);
    if (p.running !== 1 || n < 0.5 || p.flow < 0.2 * n * r.ratedFlow) return;
    const model = n ** 2 * r.shutOffHead - ((r.shutOffHead - r.ratedHead) / r.ratedFlow ** 2) * p.flow ** 2;
    if (model > 0.2 * r.ratedHead)
      follow(memory, now, (100 * (p.head - model)) / model, (parameters.followed * hour) / 2);
  },
  condition: ({ memory, parameters }) =>
    memory.span < parameters.followed * hour ? undefined : (memory.value ?? 0) < -parameters.warn,
  offDelay: seconds(600, [0, 86_400], engineering),
  priority: 3,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Head ${figure(-(memory.value ?? 0))} % below the curve of the pump`,
      `扬程比性能曲线低 ${figure(-(memory.value ?? 0))} %`,
    ),
});

interface Efficiency {
  /** By tenths of the rated flow at full speed: sum and number of readings in the time of learning. */
  readonly usual: [sum: number, count: number][];
  readonly learning: Followed;
  readonly residual: Followed;
}

/** P6. Efficiency rho g Q H / P against what it was at the same flow (referred to full speed) in the first day of running. */
const efficiencyLoss = defineFault('pump', {
  id: 'pump.efficiency-loss',
  texts: pumpHydraulicTexts.efficiencyLoss,
  points: ['running', 'flow', 'head', 'power'],
  optional: ['speed'],
  ratings: ['ratedFlow'],
  parameters: {
    points: limit('%', 5, [2, 30], 'fault library P6: 5 points'),
    time: limit('h', 24, [1, 240], 'fault library P6: 24 h of running, to learn and to judge'),
  },
  every: 30,
  memory: (): Efficiency => ({
    usual: Array.from({ length: 13 }, () => [0, 0]),
    learning: notFollowed(),
    residual: notFollowed(),
  }),
  update: ({ now, points: p, ratings: r, parameters, memory }) => {
    const flow = p.flow / share(p.speed);
    const bin = memory.usual[Math.floor((10 * flow) / r.ratedFlow)];
    if (p.running !== 1 || flow < 0.3 * r.ratedFlow || p.power <= 0 || !bin) return;
    // Percent; 998 kg/m³ * 9.81 m/s² / 3600 s/h / 1000 W/kW.
    const efficiency = (100 * 0.002_719_6 * p.flow * p.head) / p.power;
    if (memory.learning.span < parameters.time * hour) {
      follow(memory.learning, now, efficiency, hour);
      bin[0] += efficiency;
      bin[1] += 1;
    } else if (bin[1] >= 10) follow(memory.residual, now, efficiency - bin[0] / bin[1], (parameters.time * hour) / 3);
  },
  condition: ({ memory, parameters }) =>
    memory.residual.span < parameters.time * hour ? undefined : (memory.residual.value ?? 0) < -parameters.points,
  offDelay: seconds(600, [0, 86_400], engineering),
  explainedBy: [{ fault: 'pump.head-below-curve', subject: 'any' }],
  priority: 3,
  trade: 'energy',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Efficiency ${figure(-(memory.residual.value ?? 0))} points below what it was`,
      `效率比原来低 ${figure(-(memory.residual.value ?? 0))} 个百分点`,
    ),
});

interface Rough {
  /** Vibration of the running minute. */
  readonly values: number[];
  minute: number;
  /** Variance while there was margin, and now. */
  readonly usual: Followed;
  readonly present: Followed;
}
/** Head of the air at sea level less the vapour pressure of water at 20 °C, m. */
const air = 10.33 - 0.24;
const margin = (suction: number) => suction * 102.2 + air;

/** P3. Net positive suction head: suction pressure (MPa above the air) and air pressure less vapour pressure, in metres. */
const cavitation = defineFault('pump', {
  id: 'pump.cavitation',
  texts: pumpHydraulicTexts.cavitation,
  settles: true,
  points: ['running', 'suctionPressure', 'vibration'],
  ratings: ['npshRequired'],
  parameters: {
    margin: limit('m', 0.5, [0, 5], 'fault library P3: NPSH available below required + 0.5 m'),
    growth: limit('', 2, [1.2, 20], 'fault library P3: variance of vibration doubled'),
  },
  memory: (): Rough => ({ values: [], minute: 0, usual: notFollowed(), present: notFollowed() }),
  update: ({ now, points: p, ratings, parameters, memory }) => {
    if (p.running !== 1) memory.values.length = 0;
    else memory.values.push(p.vibration);
    const minute = Math.floor(now / 60_000);
    if (minute === memory.minute) return;
    memory.minute = minute;
    const values = memory.values.splice(0);
    if (values.length < 5) return;
    const variance = spread(values).deviation ** 2;
    const safe = margin(p.suctionPressure) >= ratings.npshRequired + parameters.margin;
    if (safe) follow(memory.usual, now, variance, 6 * hour);
    follow(memory.present, now, variance, 120_000);
  },
  gate: turning,
  condition: ({ points, ratings, parameters, memory }) => {
    if (memory.usual.value === null || memory.present.value === null) return undefined;
    const short = margin(points.suctionPressure) < ratings.npshRequired + parameters.margin;
    return short && memory.present.value > parameters.growth * Math.max(1e-4, memory.usual.value);
  },
  onDelay: seconds(60, [5, 3600], engineering),
  offDelay: seconds(60, [0, 3600], engineering),
  explainedBy: [{ fault: 'pump.dry-run', subject: 'any' }],
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ points, ratings }) =>
    both(
      `Suction head ${figure(margin(points.suctionPressure))} m, the pump needs ${figure(ratings.npshRequired)} m`,
      `有效汽蚀余量 ${figure(margin(points.suctionPressure))} m，必需 ${figure(ratings.npshRequired)} m`,
    ),
});

/** P15. Water that moves through a pump that stands, in either direction. */
const checkValve = defineFault('pump', {
  id: 'pump.check-valve-leaks',
  texts: pumpHydraulicTexts.checkValve,
  points: ['running', 'flow'],
  ratings: ['ratedFlow'],
  parameters: { share: limit('%', 2, [0.5, 30], 'fault library P15: 2 % of rated flow') },
  onDelay: seconds(120, [10, 3600], engineering),
  offDelay: seconds(60, [0, 3600], engineering),
  gate: ({ points }) => points.running === 0,
  condition: ({ points, ratings, parameters }) => Math.abs(points.flow) > (parameters.share / 100) * ratings.ratedFlow,
  priority: 3,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ points }) =>
    both(`Stands, but ${figure(points.flow)} m³/h flow through it`, `停泵时仍有流量 ${figure(points.flow)} m³/h`),
});

export const pumpHydraulicFaults: readonly Fault[] = [deadhead, headLoss, efficiencyLoss, cavitation, checkValve];
