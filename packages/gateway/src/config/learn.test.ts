import { ConfigError } from '@plantroom/base';
import { expect, test } from 'vitest';
import { parseSite } from './load-site.ts';

const site = (learn: string, pump: string) => `
site: { id: tower, name: Tower, timezone: Asia/Shanghai${learn} }
connections: { bus: { modbus-tcp: 127.0.0.1 } }
equipment:
  pump: { profile: generic-pump-controller, on: bus, unit: 1, name: Pump${pump} }
`;
const learnOf = (learn: string, pump: string) => parseSite(site(learn, pump), 'site.yaml').equipment[0]?.learn;

test('what is learned is said for the site, and otherwise for a machine', () => {
  expect(learnOf('', '')).toBeUndefined();
  expect(learnOf(', learn: false', '')).toBe(false);
  expect(learnOf(', learn: false', ', learn: true')).toBe(true);
  expect(learnOf('', ', learn: [flow, head]')).toEqual(['flow', 'head']);
});

test('a point that cannot be learned is told with its line', () => {
  const read = () => learnOf('', ', learn: [flow, runHours]');
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/site\.yaml:5.*`pump`: `runHours` of pump is not learned/);
});

test('learning changes nothing of what the cloud is told of the site', () => {
  expect(parseSite(site(', learn: false', ''), 'site.yaml').site).toEqual(parseSite(site('', ''), 'site.yaml').site);
});
