import { analog, defineKind, state } from './define-kind.ts';

export const waterTank = defineKind({
  kind: 'water-tank',
  label: { en: 'Water tank', zh: '水箱' },
  plural: { en: 'Water tanks', zh: '水箱' },
  brick: 'Water_Tank',
  points: {
    level: analog({ en: 'Level', zh: '液位' }, '%', [-5, 120], 0.3, 1),
    depth: analog({ en: 'Depth', zh: '水深' }, 'm', [-1, 50], 0.01, 2),
    highLevel: state({ en: 'High-level switch', zh: '高液位开关' }),
    lowLevel: state({ en: 'Low-level switch', zh: '低液位开关' }),
    inflow: analog({ en: 'Inflow', zh: '进水流量' }, 'm3/h', [-50, 50_000], 0.1, 1),
    outflow: analog({ en: 'Outflow', zh: '出水流量' }, 'm3/h', [-50, 50_000], 0.1, 1),
    temperature: analog({ en: 'Water temperature', zh: '水温' }, 'Cel', [-20, 100], 0.2, 1),
  },
});
