import type { DeviceEvent, LocalText } from '@plantroom/model';
import type { Fact } from './evaluation/contract.ts';

/** Milliseconds between two alarms of one panel: a panel whose clock is wrong sends many such reports, each kept as it is. */
const pause = 60_000;

/**
 * What is to be said of reports that do not fit their profile. Each came and is over: the fault latches, so that it stays
 * until somebody has looked. Equipment whose kind has no such fault is passed over by detection.
 */
export class MisfitFacts {
  /** By equipment: when it was told last, ms since 1970 UTC. */
  readonly #told = new Map<string, number>();

  of({ equipment, gatewayTime: time, message }: DeviceEvent, misfit: LocalText): Fact[] {
    const before = this.#told.get(equipment);
    if (before !== undefined && Math.abs(time - before) < pause) return [];
    this.#told.set(equipment, time);
    const excerpt = message.slice(0, 200);
    const detail = { en: `Report not understood: ${excerpt}`, zh: `报告无法识别（${misfit.zh}）：${excerpt}` };
    const fact = { equipment, fault: 'fire-panel.report-not-understood', subject: '', time, detail };
    return [
      { ...fact, active: true },
      { ...fact, active: false },
    ];
  }
}
