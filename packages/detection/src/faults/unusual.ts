import type { KindName, PointOf, Trade } from '@plantroom/model';
import { watchedPoints } from '../learned/watched-points.ts';
import { defineFault, engineering, type Fault, type FaultTexts, limit } from './define-fault.ts';
import { both } from './figures.ts';

const texts: FaultTexts = {
  title: both('Behaves unlike before', '运行状态异于以往'),
  cause: both(
    'Readings have long been unlike all that was learned of this machine: a fault that begins, a sensor that drifts, or a new way of operation.',
    '读数持续偏离该设备以往的规律：可能是故障先兆、传感器漂移，或运行方式改变。',
  ),
  consequence: both(
    'Perhaps none; a fault that begins costs least now.',
    '未必有影响；若为故障先兆，此时处理代价最小。',
  ),
  steps: [
    both('Compare the named readings with those of the week before.', '将所列读数与前一周对比。'),
    both('Check the sensors named, then the machine.', '先检查所列传感器，再检查设备。'),
    both(
      'If the operation was changed on purpose, acknowledge: it is learned within days.',
      '若属有意调整运行方式，确认即可，系统数日内会重新学习。',
    ),
  ],
};

/** What no rule describes, found by the detectors that learn. Of the lowest priority: it is a hint, not a finding. */
export function unusual<K extends KindName>(kind: K, trade: Trade): Fault {
  const { together, alone, named } = watchedPoints[kind];
  const points = [...together, ...alone, ...named] as PointOf<K>[];
  return defineFault(kind, {
    id: `${kind}.unusual`,
    texts,
    trigger: 'external',
    optional: points,
    oneOf: points,
    parameters: {
      training: limit('d', 14, [1, 60], 'two weeks show the course of the week twice'),
      lasting: limit('min', 30, [5, 1440], engineering),
    },
    priority: 4,
    trade,
    raisesOrder: false,
  });
}
