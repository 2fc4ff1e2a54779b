import type { KindName } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { alarmsOf, type Case } from './rig.ts';

/** Runs the table of one fault; other faults may appear beside it, and are looked at by their own tables. */
export function faultTable(kind: KindName, fault: string, cases: readonly Case[]): void {
  describe(fault, () => {
    it.each(cases)('$name', (row) => {
      const seen = alarmsOf({ kind, ...row }).filter((alarm) => alarm.fault === fault);
      expect(seen.map((alarm) => alarm.raised)).toEqual(row.raised === null ? [] : [row.raised]);
      const [alarm] = seen;
      if (row.cleared !== undefined) expect(alarm?.cleared ?? null).toBe(row.cleared);
      if (row.subject !== undefined) expect(alarm?.subject).toBe(row.subject);
      if (row.detail !== undefined) expect([alarm?.detail.en, alarm?.detail.zh]).toContain(row.detail);
    });
  });
}
