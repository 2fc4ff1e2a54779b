import { readFileSync } from 'node:fs';
import { catalogueEntry, kinds } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { availability, availabilityOf, catalogue, parametersOf, ratingUnits } from '../index.ts';
import { knownFaults } from '../testing/known-faults.ts';
import { defineFault } from './define-fault.ts';
import { allFaults, library } from './index.ts';
import { pumpTexts } from './pump-texts.ts';

const having = (points: readonly string[], ratings: Record<string, number> = {}) => ({
  points: points.map((point) => ({ point, cadence: { period: 1000, maximumSilence: 0 } })),
  ratings,
});

describe('the library', () => {
  it('has at least 20 faults with ids of their own that begin with their kind', () => {
    expect(allFaults.length).toBeGreaterThanOrEqual(20);
    expect(new Set(allFaults.map(({ id }) => id)).size).toBe(allFaults.length);
    for (const { id, kind } of allFaults) expect(id.startsWith(`${kind}.`)).toBe(true);
  });

  it('has something for each known fault', () => {
    const numbers = Object.entries({ L: 21, P: 20, F: 16, M: 23 }).flatMap(([letter, most]) =>
      Array.from({ length: most }, (_, index) => `${letter}${index + 1}`),
    );
    expect(Object.keys(knownFaults)).toEqual(numbers);
    const ids = allFaults.map(({ id }) => id);
    for (const [number, found] of Object.entries(knownFaults)) {
      expect([number, found.length]).not.toEqual([number, 0]);
      for (const id of found) expect(ids).toContain(id);
    }
    // What only has its place belongs to the models of consumption.
    const reserved = allFaults.filter(({ trigger }) => trigger === 'reserved').map(({ id }) => id);
    expect(reserved).toEqual(['M17', 'M18', 'M19', 'M20', 'M23'].flatMap((number) => knownFaults[number]));
  });

  it('says each in both languages, and within what time somebody has to act', () => {
    for (const { id, title, cause, consequence, steps, priority, respondWithin } of allFaults) {
      for (const text of [title, cause, consequence, ...steps]) {
        expect([id, text.en]).not.toEqual([id, '']);
        expect([id, /\p{Script=Han}/u.test(text.zh) || text.zh === 'PM2.5']).toEqual([id, true]);
      }
      expect([id, respondWithin > 0 && (priority > 1 || respondWithin <= 15)]).toEqual([id, true]);
    }
  });

  it('makes a catalogue that fits the wire', () => {
    for (const entry of catalogue()) expect(catalogueEntry.parse(entry)).toEqual(entry);
    expect(catalogue()).toHaveLength(allFaults.length);
  });

  it.each(allFaults.map((fault) => [fault.id, fault] as const))('%s refers to what exists', (_, fault) => {
    const points = Object.keys(kinds[fault.kind].points);
    const templates = Object.values(fault.counts).map(({ template }) => template);
    if (fault.subjects.by !== 'name') templates.push(fault.subjects.template);
    for (const point of [...fault.points, ...fault.optional, ...fault.oneOf, ...templates])
      expect(points).toContain(point);
    for (const point of fault.oneOf) expect(fault.optional).toContain(point);
    for (const parent of fault.explainedBy) {
      expect(library[fault.kind].map(({ id }) => id)).toContain(parent.fault);
      expect(parent.fault).not.toBe(fault.id);
    }
    for (const rating of fault.ratings) expect(Object.keys(ratingUnits)).toContain(rating);
    for (const { default: value, minimum, maximum, source } of [...Object.values(fault.parameters), fault.onDelay]) {
      expect(value).toBeGreaterThanOrEqual(minimum);
      expect(value).toBeLessThanOrEqual(maximum);
      expect(source).not.toBe('');
    }
    // A parent that is its child's child could hide both.
    for (const parent of fault.explainedBy) {
      const up = library[fault.kind].find(({ id }) => id === parent.fault)?.explainedBy ?? [];
      expect(up.map((each) => each.fault)).not.toContain(fault.id);
    }
  });

  it('lets nothing explain or delay a fire', () => {
    const fire = allFaults.find(({ id }) => id === 'fire-panel.device-fire');
    expect(fire).toMatchObject({ safety: true, explainedBy: [], onDelay: { maximum: 0 } });
    for (const fault of allFaults) if (fault.safety) expect([fault.id, fault.explainedBy]).toEqual([fault.id, []]);
  });

  it('has the safety faults that the document of the alarms lists, and no others', () => {
    const text = readFileSync(new URL('../../../../docs/alarms.md', import.meta.url), 'utf8');
    const list = text.slice(text.indexOf('They are these'), text.indexOf('What a panel says of itself'));
    const listed = [...list.matchAll(/`([a-z-]+\.[a-z-]+)`/g)].map(([, id]) => id);
    expect(listed.sort()).toEqual(
      allFaults
        .filter(({ safety }) => safety)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('availability', () => {
  it('says why a fault cannot run', () => {
    expect(availability('pump.no-flow', having(['running'], { ratedFlow: 10 }))).toEqual({
      fault: 'pump.no-flow',
      runs: false,
      missing: ['flow'],
      reason: { en: 'cannot run: no flow point', zh: '无法运行：缺少测点 flow' },
    });
    expect(availability('pump.no-flow', having(['running', 'flow']))).toMatchObject({ missing: ['ratedFlow'] });
    expect(availability('pump.no-flow', having(['running', 'flow'], { ratedFlow: 10 }))).toEqual({
      fault: 'pump.no-flow',
      runs: true,
    });
    expect(availability('elevator.entrapment', having(['moving']))).toMatchObject({ runs: false });
    expect(availability('no.such', having([]))).toMatchObject({ runs: false });
  });

  it('knows indexed points', () => {
    const panel = { ...having(['loop[2].device[31].state']), kind: 'fire-panel' as const };
    const runs = availabilityOf(panel).filter((each) => each.runs);
    expect(runs.map((each) => each.fault)).toContain('fire-panel.device-fire');
    expect(runs.map((each) => each.fault)).not.toContain('fire-panel.mains-lost');
  });

  it('lists what a site may set', () => {
    const names = parametersOf('pump').map(({ fault, name }) => `${fault} ${name}`);
    expect(names).toContain('pump.vibration-high zoneC');
    expect(names).toContain('pump.dry-run onDelay');
  });
});

it('is checked by the compiler against the points of its kind', () => {
  const common = { texts: pumpTexts.dryRun, priority: 1, trade: 'mechanical', raisesOrder: true } as const;
  // @ts-expect-error a pump has no car load
  defineFault('pump', { id: 'pump.x', ...common, points: ['load'] });
  const fault = defineFault('pump', {
    id: 'pump.x',
    ...common,
    points: ['flow'],
    optional: ['speed'],
    condition: ({ points }) => {
      const flow: number = points.flow;
      // @ts-expect-error an optional point may be missing
      const speed: number = points.speed;
      // @ts-expect-error only points that the declaration names can be read
      return flow + speed > points.power;
    },
  });
  expect(fault.points).toEqual(['flow']);
});
