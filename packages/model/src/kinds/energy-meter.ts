import { analog, counter, defineKind } from './define-kind.ts';

export const energyMeter = defineKind({
  kind: 'energy-meter',
  label: { en: 'Energy meter', zh: '电能表' },
  plural: { en: 'Energy meters', zh: '电能表' },
  brick: 'Electrical_Meter',
  points: {
    voltageL1: analog({ en: 'Voltage L1-N', zh: 'L1 相电压' }, 'V', [0, 40_000], 0.5, 1),
    voltageL2: analog({ en: 'Voltage L2-N', zh: 'L2 相电压' }, 'V', [0, 40_000], 0.5, 1),
    voltageL3: analog({ en: 'Voltage L3-N', zh: 'L3 相电压' }, 'V', [0, 40_000], 0.5, 1),
    currentL1: analog({ en: 'Current L1', zh: 'L1 相电流' }, 'A', [-20_000, 20_000], 0.3, 1),
    currentL2: analog({ en: 'Current L2', zh: 'L2 相电流' }, 'A', [-20_000, 20_000], 0.3, 1),
    currentL3: analog({ en: 'Current L3', zh: 'L3 相电流' }, 'A', [-20_000, 20_000], 0.3, 1),
    currentNeutral: analog({ en: 'Neutral current', zh: '中性线电流' }, 'A', [0, 20_000], 0.3, 1),
    powerL1: analog({ en: 'Active power L1', zh: 'L1 相有功功率' }, 'kW', [-20_000, 20_000], 0.1, 2),
    powerL2: analog({ en: 'Active power L2', zh: 'L2 相有功功率' }, 'kW', [-20_000, 20_000], 0.1, 2),
    powerL3: analog({ en: 'Active power L3', zh: 'L3 相有功功率' }, 'kW', [-20_000, 20_000], 0.1, 2),
    power: analog({ en: 'Active power', zh: '有功功率' }, 'kW', [-60_000, 60_000], 0.2, 2),
    reactivePower: analog({ en: 'Reactive power', zh: '无功功率' }, 'kvar', [-60_000, 60_000], 0.2, 2),
    apparentPower: analog({ en: 'Apparent power', zh: '视在功率' }, 'kVA', [0, 60_000], 0.2, 2),
    powerFactor: analog({ en: 'Power factor', zh: '功率因数' }, '', [-1, 1], 0.005, 3),
    frequency: analog({ en: 'Frequency', zh: '频率' }, 'Hz', [40, 70], 0.02, 2),
    energyImport: counter({ en: 'Energy imported', zh: '正向有功电量' }, 'kWh', 0.1, 1),
    energyExport: counter({ en: 'Energy exported', zh: '反向有功电量' }, 'kWh', 0.1, 1),
    reactiveEnergyImport: counter({ en: 'Reactive energy imported', zh: '正向无功电量' }, 'kvarh', 0.1, 1),
  },
});
