import { frameName, frameOf } from '../conformance-kit.ts';
import type { StoredFrame } from '../contract.ts';

const monthEnd = Date.UTC(2026, 1, 1);
export const samplesInFrame = 50;

/** A frame whose values follow from its sequence; its samples lie on both sides of a month's end. */
export function frameOfSequence(sequence: number): StoredFrame {
  const samples = Array.from({ length: samplesInFrame }, (_, n) => {
    const time = monthEnd + (n % 2 === 0 ? -1 : 1) * (sequence * 1000 + n + 1);
    const value = sequence * 1000 + n;
    return {
      site: 'harbour',
      equipment: 'pump-1',
      point: 'flow',
      time,
      gatewayTime: time,
      value,
      quality: 'good' as const,
    };
  });
  return frameOf(frameName(sequence), samples);
}
