import { readFileSync } from 'node:fs';
import { kinds } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { availability, type DetectionResult } from '../index.ts';
import { caseKinds, loadCases } from '../testing/case-file.ts';
import { at, feed, make, only, points } from '../testing/engine-kit.ts';
import { foundElsewhere } from '../testing/found-elsewhere.ts';
import { equipmentOfCases, playCase } from '../testing/play-case.ts';
import type { Fault } from './define-fault.ts';
import { allFaults } from './index.ts';

const all = loadCases();
/** Facts from elsewhere and what is reserved have no condition over points to be tried. */
const tried = allFaults.filter(({ trigger }) => trigger === 'condition' || trigger === 'silence');
const others = allFaults.filter((fault) => !tried.includes(fault));
const elsewhereOf = ({ id, kind }: Fault) => foundElsewhere[id.slice(kind.length + 1)];
const root = new URL('../../../../', import.meta.url);

it('has the ten cases of every fault that samples decide, and says of every other who finds it', () => {
  const missing = tried.flatMap(({ id }) => {
    const cases = all.find(({ fault }) => fault === id)?.cases;
    return caseKinds.filter((kind) => !cases?.[kind]).map((kind) => `${id}: ${kind}`);
  });
  const count = all.reduce((sum, { cases }) => sum + Object.keys(cases).length, 0);
  const found = others.filter((fault) => elsewhereOf(fault)?.by !== undefined);
  console.info(
    `${count} cases of ${all.length} faults, ${missing.length} missing; ${allFaults.length} faults in all: of the other ` +
      `${others.length}, ${found.length} are found elsewhere and ${others.length - found.length} only have their place`,
  );
  for (const [name, { by = 'nothing yet', why }] of Object.entries(foundElsewhere)) {
    const ids = others.filter(({ id, kind }) => id === `${kind}.${name}`).map(({ id }) => id);
    console.info(`  ${ids.join(', ')}: ${by}; ${why}`);
    expect([name, ids.length]).not.toEqual([name, 0]);
  }
  expect(missing).toEqual([]);
  expect(count).toBe(caseKinds.length * tried.length);
  expect(others.filter((fault) => !elsewhereOf(fault)).map(({ id }) => id)).toEqual([]);
});

it.each(others.map((fault) => [fault.id, fault] as const))('%s has its tests elsewhere', (_, fault) => {
  const { by, tests } = elsewhereOf(fault) ?? { by: undefined, tests: {} };
  // One that something finds comes as a fact; one that nothing finds has no tests to have.
  expect(fault.trigger).toBe(by === undefined ? 'reserved' : 'external');
  expect(Object.keys(tests).length > 0).toBe(by !== undefined);
  for (const [file, words] of Object.entries(tests)) expect(readFileSync(new URL(file, root), 'utf8')).toMatch(words);
});

it.each(others.filter(({ trigger }) => trigger === 'external').map((fault) => [fault.id, fault] as const))(
  '%s is raised once by its fact and cleared by the end of it, whatever samples say meanwhile',
  (_, fault) => {
    const point = fault.optional[0] ?? Object.keys(kinds[fault.kind].points)[0] ?? '';
    const detection = make([{ id: 'm', kind: fault.kind, ratings: {}, points: points(point) }]);
    const subject = fault.subjects.by === 'name' ? (fault.subjects.names[0] ?? '') : '';
    const detail = { en: 'found', zh: '发现' };
    const told = ({ alarms }: DetectionResult) => alarms.filter((alarm) => alarm.fault === fault.id);
    const fact = { equipment: 'm', fault: fault.id, subject, time: at(5), active: true, detail };
    expect(told(feed(detection, 'm', 1, { [point]: 1 }))).toEqual([]);
    expect(detection.fact({ ...fact, equipment: 'nobody' }).alarms).toEqual([]);
    expect(detection.fact({ ...fact, time: at(2), active: false }).alarms).toEqual([]);
    expect(only(detection.fact(fact))).toMatchObject({ fault: fault.id, facts: { active: true } });
    expect(detection.fact({ ...fact, time: at(6) }).alarms).toEqual([]);
    expect(told(feed(detection, 'm', 7, { [point]: 0 }))).toEqual([]);
    expect(told(feed(detection, 'm', 8, { [point]: null }))).toEqual([]);
    const last = detection.fact({ ...fact, time: at(9), active: false }).alarms.at(-1);
    expect(last).toMatchObject({ clearedAt: at(9), facts: { active: false, latched: fault.latching } });
  },
);

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
