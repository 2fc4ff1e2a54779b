import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeError, PlantroomError } from './errors.ts';
import { withoutCredentials } from './without-credentials.ts';

test.each([
  ['No answer from mqtt://ada:hunter2@mq:1883/x.', 'No answer from mqtt://mq:1883/x.'],
  ['opc.tcp://ada:hun@ter2@plc:4840 and wss://hunter2@b', 'opc.tcp://plc:4840 and wss://b'],
  ['{"url":"mqtt://mq:1883","mail":"ada@example.com"}', '{"url":"mqtt://mq:1883","mail":"ada@example.com"}'],
  ['http://mq/x@y and ada@example.com', 'http://mq/x@y and ada@example.com'],
])('%s', (text, shown) => expect(withoutCredentials(text)).toBe(shown));

test('an error says none, neither in its message nor in its hint', () => {
  const error = new PlantroomError('x', 'mqtt://ada:hunter2@mq is no broker.', { hint: 'Try ws://ada:hunter2@mq.' });
  expect(describeError(error)).toBe('mqtt://mq is no broker. Try ws://mq.');
});

test('a log has none, wherever in a field it stands', () => {
  const log = `import { createLogger } from '${join(import.meta.dirname, 'json-logger.ts')}';
    createLogger('x').child({ at: 'ws://ada:hunter2@b' }).info({ a: { b: ['mqtt://ada:hunter2@mq'] } }, 'opc.tcp://ada:hunter2@plc');`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', log], { encoding: 'utf8' });
  expect(stderr).not.toContain('hunter2');
  expect(JSON.parse(stderr)).toMatchObject({ at: 'ws://b', a: { b: ['mqtt://mq'] }, msg: 'opc.tcp://plc' });
});
