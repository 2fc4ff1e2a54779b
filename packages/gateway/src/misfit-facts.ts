import type { DeviceEvent, LocalText } from '@plantroom/model';
import type { Fact } from './evaluation/contract.ts';

/**
 * What is to be said of a report that does not fit its profile. It came and is over: the fault latches, so that it stays
 * until somebody has looked. Equipment whose kind has no such fault is passed over by detection.
 */
export function misfitFacts({ equipment, gatewayTime: time, message }: DeviceEvent, misfit: LocalText): Fact[] {
  const excerpt = message.slice(0, 200);
  const detail = { en: `Report not understood: ${excerpt}`, zh: `报告无法识别（${misfit.zh}）：${excerpt}` };
  const fact = { equipment, fault: 'fire-panel.report-not-understood', subject: '', time, detail };
  return [
    { ...fact, active: true },
    { ...fact, active: false },
  ];
}
