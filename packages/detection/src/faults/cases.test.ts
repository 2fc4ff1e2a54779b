import { describe, expect, it } from 'vitest';
import { availability } from '../index.ts';
import { caseKinds, loadCases } from '../testing/case-file.ts';
import { equipmentOfCases, playCase } from '../testing/play-case.ts';
import { allFaults } from './index.ts';

const all = loadCases();
/** Facts from elsewhere and what is reserved have no condition over points to be tried. */
const tried = allFaults.filter(({ trigger }) => trigger === 'condition' || trigger === 'silence');

it('has the ten cases of every fault that samples decide', () => {
  const missing = tried.flatMap(({ id }) => {
    const cases = all.find(({ fault }) => fault === id)?.cases;
    return caseKinds.filter((kind) => !cases?.[kind]).map((kind) => `${id}: ${kind}`);
  });
  const count = all.reduce((sum, { cases }) => sum + Object.keys(cases).length, 0);
  console.info(`${count} cases of ${all.length} faults, ${missing.length} missing; ${allFaults.length} faults in all`);
  expect(missing).toEqual([]);
  expect(count).toBe(caseKinds.length * tried.length);
});

describe.each(all.map((cases) => [cases.fault, cases] as const))('%s', (fault, cases) => {
  it.each(caseKinds.filter((kind) => cases.cases[kind]))('%s', (kind) => {
    const played = cases.cases[kind];
    if (!played) return;
    if (played.expected === 'cannot run') {
      expect(availability(fault, equipmentOfCases(cases))).toMatchObject({ runs: true });
      expect(availability(fault, equipmentOfCases(cases, played.without))).toMatchObject({ runs: false });
    } else expect(playCase(cases, kind, played)).toEqual(played.expected);
  });
});
