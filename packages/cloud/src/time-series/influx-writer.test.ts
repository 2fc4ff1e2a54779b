import { type Logger, ManualClock, silentLogger } from '@plantroom/base';
import { expect, it } from 'vitest';
import { frameName, frameOf, sampleAt } from './conformance-kit.ts';
import type { Answer } from './influx-answer.ts';
import { InfluxWriter } from './influx-writer.ts';

const time = Date.UTC(2026, 0, 1);
const influx = { 'x-influxdb-version': '1.8.10' };
const stored: Answer = { status: 204, headers: influx, body: '' };
const answer = (status: number, body: unknown, headers: Answer['headers'] = influx): Answer => ({
  ...{ status, headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const partial = answer(400, { error: 'partial write: points beyond retention policy dropped=1' });
const unprocessable = answer(422, { code: 'unprocessable entity', message: 'partial write: field type conflict' });

/** A frame whose values are its sequence and the row: 3.07 is row 7 of frame 3. */
const frameWith = (sequence: number, rows: number) =>
  frameOf(
    frameName(sequence),
    Array.from({ length: rows }, (_, n) => sampleAt(time + n, sequence + n / 1000)),
  );

/** A server that answers by what the lines are, and keeps what it has taken. */
function serverThat(decide: (lines: string[]) => Answer | Error) {
  const clock = new ManualClock(time);
  const [taken, said, requests] = [new Set<string>(), [] as object[], [] as number[]];
  const logger: Logger = { ...silentLogger, error: (fields: object) => void said.push(fields) };
  const post = async (text: string) => {
    const lines = text.trimEnd().split('\n');
    requests.push(lines.length);
    const decision = decide(lines);
    if (decision instanceof Error) throw decision;
    if (decision.status === 204) for (const line of lines) taken.add(line);
    return decision;
  };
  return { clock, taken, said, requests, writer: new InfluxWriter({ name: 'InfluxDB', clock, logger, post }) };
}

it('sends at most 5,000 lines at once and resolves when all are taken', async () => {
  const { writer, requests, taken } = serverThat(() => stored);
  expect(await writer.write([1, 2, 3].map((n) => frameWith(n, 4000)))).toEqual([]);
  expect(requests).toEqual([5000, 5000, 2000]);
  expect(taken.size).toBe(12_000);
});

it.each([
  ['InfluxDB 1', partial, 'too-old'],
  ['InfluxDB 2', unprocessable, 'invalid'],
])('finds the line that %s does not take, refuses its frame and stores the others', async (_, refusal, code) => {
  const isPoison = (line: string) => / value=3\.007,/.test(line);
  const { writer, taken, requests } = serverThat((lines) => (lines.some(isPoison) ? refusal : stored));
  const frames = [1, 2, 3, 4].map((n) => frameWith(n, 100));
  const refused = await writer.write(frames);
  expect(refused).toMatchObject([
    { frame: { sequence: 3 }, code, reason: expect.stringContaining('2026-01-01T00:00:00.007') },
  ]);
  expect(refused[0]?.frame).toBe(frames[2]?.frame);
  for (const n of [1, 2, 4]) expect([...taken].filter((line) => line.includes(` value=${n}`))).toHaveLength(100);
  expect(requests.length).toBeLessThan(20);
});

it('refuses every frame when a database takes none of their lines, in few requests', async () => {
  const { writer, requests } = serverThat(() => partial);
  expect(await writer.write(Array.from({ length: 16 }, (_, n) => frameWith(n + 1, 64)))).toHaveLength(16);
  expect(requests.length).toBeLessThan(16 * 9);
});

it('halves what is too large, and refuses a line that is too large alone', async () => {
  const { writer, taken, requests } = serverThat((lines) => (lines.length > 900 ? answer(413, '') : stored));
  expect(await writer.write([frameWith(1, 3000)])).toEqual([]);
  expect(taken.size).toBe(3000);
  expect(requests).toEqual([3000, 1500, 750, 750, 1500, 750, 750]);
  const never = serverThat(() => answer(413, ''));
  expect(await never.writer.write([frameWith(1, 2)])).toMatchObject([{ code: 'too-large' }]);
});

it('refuses a frame whose names may not become tags, before anything is sent of it', async () => {
  const { writer, requests } = serverThat(() => stored);
  const hostile = frameOf(frameName(1), [sampleAt(time, 1, { point: "flow' OR 1=1 --" })]);
  expect(await writer.write([hostile, frameWith(2, 1)])).toMatchObject([{ frame: { sequence: 1 }, code: 'invalid' }]);
  expect(requests).toEqual([1]);
});

const page = answer(200, '<html>Please sign in</html>', { 'content-type': 'text/html' });
it.each<[string, Answer | Error]>([
  ['201, which says that a part was taken', answer(201, '')],
  ['202', answer(202, '')],
  ['200 with the page of a captive portal', page],
  ['an empty 200 that is not InfluxDB’s', answer(200, '', {})],
  ['a redirect', answer(302, '')],
  ['400 with a page of a proxy', answer(400, '<html>Bad request</html>', {})],
  [
    '400 for a database that is full of series',
    answer(400, { error: 'partial write: max-series-per-database limit exceeded' }),
  ],
  ['404 for a database that is gone', answer(404, { error: 'database not found: "x"' })],
  ['408', answer(408, '')],
  ['429', answer(429, '')],
  ['500', answer(500, { error: 'engine: cache maximum memory size exceeded' })],
  ['503', answer(503, '')],
  ['a connection that breaks', new Error('socket hang up')],
])('takes %s for no acknowledgement, and refuses nothing', async (_, said) => {
  const { writer } = serverThat(() => said);
  await expect(writer.write([frameWith(1, 10)])).rejects.toMatchObject({ code: 'time-series-unavailable' });
});

it.each([401, 403])('says aloud that it may not write (%i), and refuses nothing', async (status) => {
  const { writer, said } = serverThat(() => answer(status, { code: 'unauthorized', message: 'unauthorized access' }));
  await expect(writer.write([frameWith(1, 10)])).rejects.toMatchObject({ code: 'time-series-unavailable' });
  expect(said).toMatchObject([{ code: 'time-series-denied' }]);
});

it.each([
  ['seconds', '7'],
  ['a date', new Date(time + 7000).toUTCString()],
])('leaves the server alone for as long as it asks, in %s', async (_, retryAfter) => {
  const answers = [answer(503, '', { 'retry-after': retryAfter }), stored];
  const { writer, clock, requests } = serverThat(() => answers.shift() ?? stored);
  await expect(writer.write([frameWith(1, 10)])).rejects.toThrow('503');
  let done = false;
  const again = writer.write([frameWith(1, 10)]).then(() => {
    done = true;
  });
  await clock.advance(6999);
  expect([done, requests.length]).toEqual([false, 1]);
  await clock.advance(1);
  await again;
  expect(requests).toHaveLength(2);
});

it('keeps nothing back: after a failure the same frames come again and are all sent', async () => {
  let isDown = true;
  const { writer, taken } = serverThat(() => (isDown ? answer(503, '') : stored));
  const frames = [frameWith(1, 6000), frameWith(2, 6000)];
  await expect(writer.write(frames)).rejects.toThrow();
  expect(taken.size).toBe(0);
  isDown = false;
  expect(await writer.write(frames)).toEqual([]);
  expect(taken.size).toBe(12_000);
});
