import { expect, test } from 'vitest';
import { brokerSection } from './schema.ts';

const withTopics = (...topics: string[]) =>
  brokerSection.safeParse({ users: { sensors: { password: { file: 'sensor.secret' }, topics } } }).success;

test('the topics of a device’s user are filters of MQTT', () => {
  expect(withTopics('sensors/lobby/state', 'sensors/#', '+/state', '#', '+')).toBe(true);
  for (const wrong of ['', 'sensors/#/state', 'sensors#', 'sensors/a+', '++'])
    expect(withTopics(wrong), wrong).toBe(false);
  expect(withTopics()).toBe(false);
});
