import type { DeviceEvent } from './device-event.ts';
import type { LocalText } from './local-text.ts';

type Category = DeviceEvent['category'];

/** Signals of NFPA 72, the gravest first. */
export const nfpa72Signals = {
  alarm: { en: 'alarm', zh: '报警' },
  supervisory: { en: 'supervisory', zh: '监管' },
  trouble: { en: 'trouble', zh: '故障' },
} as const satisfies Record<string, LocalText>;

/** Conditions of control equipment in EN 54-2, beside the quiescent one. */
export const en54Conditions = {
  'fire-alarm': { en: 'fire alarm', zh: '火灾报警' },
  'fault-warning': { en: 'fault warning', zh: '故障警告' },
  disabled: { en: 'disablement', zh: '屏蔽' },
  test: { en: 'test', zh: '测试' },
} as const satisfies Record<string, LocalText>;

/** Bits of the system's state in GB/T 26875.3. */
export const gbt26875States = {
  0: { en: 'test (normal operation left)', zh: '测试（非正常运行）' },
  1: { en: 'fire alarm', zh: '火警' },
  2: { en: 'fault', zh: '故障' },
  3: { en: 'disabled', zh: '屏蔽' },
  4: { en: 'supervisory', zh: '监管' },
} as const satisfies Record<number, LocalText>;

/** What the three vocabularies call a report; null where one has no class for it. */
export interface EventClasses {
  /** The bit of the system's state. */
  readonly gbt26875: keyof typeof gbt26875States | null;
  readonly nfpa72: keyof typeof nfpa72Signals | null;
  readonly en54: keyof typeof en54Conditions | null;
}

const none: EventClasses = { gbt26875: null, nfpa72: null, en54: null };

/**
 * A report of each category in the vocabularies of GB/T 26875.3, NFPA 72 and EN 54-2. The last two do not know all: EN 54-2
 * has no supervisory condition; operations, and what returns to normal, are no class of either.
 */
export const eventClasses: Readonly<Record<Category, EventClasses>> = {
  fire: { gbt26875: 1, nfpa72: 'alarm', en54: 'fire-alarm' },
  supervisory: { gbt26875: 4, nfpa72: 'supervisory', en54: null },
  fault: { gbt26875: 2, nfpa72: 'trouble', en54: 'fault-warning' },
  // A part that is switched off cannot do its work: NFPA 72 has that announced as trouble.
  disabled: { gbt26875: 3, nfpa72: 'trouble', en54: 'disabled' },
  test: { gbt26875: 0, nfpa72: null, en54: 'test' },
  operation: none,
  restored: none,
};
