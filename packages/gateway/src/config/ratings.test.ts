import { expect, test } from 'vitest';
import { parseSite } from './load-site.ts';

const site = (ratings: string, more = '') => `
site: { id: tower, name: Tower, timezone: Asia/Shanghai }
connections: { bus: { modbus-tcp: 127.0.0.1 } }
equipment:
  pump: { profile: generic-pump-controller, on: bus, unit: 1, name: Pump, ratings: { ${ratings} } }
  meter: { profile: abb-b23, on: bus, unit: 2, name: Meter, ratings: { registerMaximum: 999999, contractDemand: 100 } }
${more}`;
const ratingsOf = (ratings: string, more?: string) => parseSite(site(ratings, more), 'site.yaml').equipment[0]?.ratings;

test('a misspelt rating is told with its line and the nearest name, before faults are off unnoticed', () => {
  expect(() => ratingsOf('ratedFlo: 25')).toThrow(
    /site\.yaml:5.*`pump`: `ratedFlo` is no rating of pump.*write ratedFlow$/m,
  );
  expect(() => ratingsOf('ratedflow: 25')).toThrow(/write ratedFlow$/m);
  expect(() => ratingsOf('contractDemand: 25')).toThrow(/`contractDemand` is no rating of pump/);
});

test('a kind has the ratings that its faults read, those of its name plate and of its profile', () => {
  const all = 'ratedFlow: 25, ratedHead: 110, shutOffHead: 130, npshRequired: 3, startUpTime: 60, ratedVoltage: 400';
  expect(Object.keys(ratingsOf(all) ?? {})).toHaveLength(6);
});

test('a rule of the site may read a rating that no fault of the library does', () => {
  const rule = `rules:
  low: { priority: 3, trade: mechanical, title: T, cause: C, consequence: D, steps: [S], kind: pump, when: speed < ratings.fillStop }`;
  expect(() => ratingsOf('fillStop: 6')).toThrow(/no rating of pump/);
  expect(ratingsOf('fillStop: 6', rule)).toEqual({ fillStop: 6 });
});
