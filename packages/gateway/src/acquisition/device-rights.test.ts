import { expect, test } from 'vitest';
import { covers, refusePublish, refuseSubscribe } from './device-rights.ts';

test.each([
  ['sensors/#', 'sensors/a/b', true],
  ['sensors/#', 'sensors/#', true],
  ['sensors/#', 'sensors/+/state', true],
  ['sensors/#', 'other/a', false],
  ['sensors/#', '#', false],
  ['sensors/+', 'sensors/a', true],
  ['sensors/+', 'sensors/+', true],
  ['sensors/+', 'sensors/#', false],
  ['sensors/+', 'sensors/a/b', false],
  ['sensors/a', 'sensors/+', false],
  ['sensors/a', 'sensors', false],
  ['#', '+/a', true],
])('%s covers %s: %s', (declared, filter, covered) => {
  expect(covers(declared, filter)).toBe(covered);
});

test('without declared topics a device reaches its own, never the broker’s or all', () => {
  expect(refusePublish(undefined, 'any/topic')).toBeUndefined();
  expect(refusePublish(undefined, '$SYS/x')).toBeDefined();
  expect(refuseSubscribe(undefined, 'any/#')).toBeUndefined();
  for (const filter of ['#', '+/state', '$SYS/#', '$share/a/any'])
    expect(refuseSubscribe(undefined, filter)).toBeDefined();
});

test('declared topics are all that a user reaches', () => {
  const declared = ['sensors/lobby/#', '$SYS/broker/uptime'];
  expect(refusePublish(declared, 'sensors/lobby/state')).toBeUndefined();
  expect(refusePublish(declared, 'sensors/roof/state')).toBeDefined();
  expect(refusePublish(['#'], '$SYS/x')).toBeDefined();
  expect(refuseSubscribe(declared, 'sensors/#')).toBeDefined();
  expect(refuseSubscribe(declared, '$SYS/broker/uptime')).toBeUndefined();
  expect(refuseSubscribe(['#'], '#')).toBeUndefined();
});
