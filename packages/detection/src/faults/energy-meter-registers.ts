import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { energyMeterTexts } from './energy-meter-texts.ts';
import { both, figure } from './figures.ts';

const quarter = 900_000;

interface Frozen {
  register: number | null;
  /** Event time of the last change of the register. */
  since: number;
  /** kWh that the measured power should have added since then. */
  due: number;
  /** Event time up to which `due` is counted. */
  at: number;
}

/** M2. A register of whole kWh stands still for long at low load, so the energy that should have come counts too. */
const frozenRegister = defineFault('energy-meter', {
  id: 'energy-meter.frozen-register',
  texts: energyMeterTexts.frozenRegister,
  points: ['energyImport', 'power'],
  parameters: {
    time: limit('s', 2700, [300, 86_400], 'fault library M2: 3 intervals'),
    energy: limit('kWh', 2, [0.01, 1000], engineering),
  },
  memory: (): Frozen => ({ register: null, since: 0, due: 0, at: 0 }),
  update: ({ now, points, memory }) => {
    if (memory.register !== points.energyImport) {
      memory.register = points.energyImport;
      memory.since = now;
      memory.due = 0;
    } else {
      // A hole in the data counts for a minute at most: nobody knows the power in it.
      memory.due += (Math.max(0, points.power) * Math.min(60_000, Math.max(0, now - memory.at))) / 3_600_000;
    }
    memory.at = now;
  },
  condition: ({ now, memory, parameters }) =>
    memory.due > parameters.energy && now - memory.since >= parameters.time * 1000,
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ now, points, memory }) => {
    const minutes = Math.round((now - memory.since) / 60_000);
    return both(
      `Register stands at ${figure(points.energyImport)} kWh for ${minutes} minutes at ${figure(points.power)} kW`,
      `电量示数停在 ${figure(points.energyImport)} kWh 已 ${minutes} 分钟，当前功率 ${figure(points.power)} kW`,
    );
  },
});

interface Demand {
  /** Start of the running demand block, ms. */
  block: number;
  /** Register at its start, null before a whole block was seen. */
  register: number | null;
  projected: number;
}

/** M14. Demand is the mean power of a quarter hour of the wall clock: what is used so far and, at this power, to its end. */
const demand = defineFault('energy-meter', {
  id: 'energy-meter.demand',
  texts: energyMeterTexts.demand,
  points: ['energyImport', 'power'],
  ratings: ['contractDemand'],
  parameters: { share: limit('%', 95, [50, 120], 'fault library M14: 95 % of the contract') },
  memory: (): Demand => ({ block: -1, register: null, projected: 0 }),
  update: ({ wallTime, points, memory }) => {
    const block = Math.floor(wallTime / quarter) * quarter;
    if (block !== memory.block) {
      memory.register = memory.block < 0 ? null : points.energyImport;
      memory.block = block;
      memory.projected = 0;
    }
    if (memory.register === null) return;
    const rest = (quarter - (wallTime - block)) / 3_600_000;
    memory.projected = (points.energyImport - memory.register + Math.max(0, points.power) * rest) * 4;
  },
  offDelay: seconds(60, [0, 1800], engineering),
  // Only from a third of the block on, as before that one start of a chiller looks like the whole quarter hour.
  condition: ({ wallTime, memory, parameters, ratings }) =>
    memory.register !== null &&
    wallTime - memory.block >= quarter / 3 &&
    memory.projected > (parameters.share / 100) * ratings.contractDemand,
  priority: 2,
  trade: 'energy',
  raisesOrder: false,
  respondWithin: 5,
  detail: ({ memory, ratings }) =>
    both(
      `Demand heads for ${figure(memory.projected, 0)} kW, contract ${figure(ratings.contractDemand, 0)} kW`,
      `本周期需量预计 ${figure(memory.projected, 0)} kW，合同需量 ${figure(ratings.contractDemand, 0)} kW`,
    ),
});

/** M16, found by the energy package from intervals; here are its texts and its alarm. */
const nightLoad = defineFault('energy-meter', {
  id: 'energy-meter.night-load',
  texts: energyMeterTexts.nightLoad,
  trigger: 'external',
  priority: 3,
  trade: 'energy',
  raisesOrder: true,
});

export const meterRegisterFaults: readonly Fault[] = [frozenRegister, demand, nightLoad];
