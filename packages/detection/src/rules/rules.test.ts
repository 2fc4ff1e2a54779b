import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limit } from '../faults/define-fault.ts';
import { catalogue, createDetection, faultOfRule, parametersOf, type SiteRule } from '../index.ts';
import { ids, sample, start } from '../testing/rig.ts';
import { compileRule } from './compile.ts';
import { parseRule, RuleError } from './parse.ts';

const parameters = { least: limit('m3/h', 3, [0, 100], 'test') };
const view = (points: Record<string, number | undefined>) => ({
  ...{ now: 0, wallTime: 0, subject: '', counts: {}, codes: {}, memory: undefined },
  ...{ points, ratings: { ratedFlow: 144, ratedPower: 75 }, parameters: { least: 3 } },
});
const judge = (text: string, points: Record<string, number | undefined> = {}) =>
  compileRule(text, 'pump', parameters).evaluate(view(points));

const refusal = (text: string) => {
  try {
    compileRule(text, 'pump', parameters);
    return 'accepted';
  } catch (thrown) {
    if (!(thrown instanceof RuleError)) throw thrown;
    return thrown.message;
  }
};

describe('an expression', () => {
  it.each([
    ['running == 1 && flow < parameters.least', { running: 1, flow: 2 }, true],
    ['running == 1 && flow < parameters.least', { running: 0, flow: 2 }, false],
    ['flow / ratings.ratedFlow < 0.1', { flow: 14 }, true],
    ['flow - 2 * 3 + 1 > 0', { flow: 5 }, false],
    ['-flow > 2', { flow: -3 }, true],
    ['abs(currentL1 - currentL2) > 0.2 * max(currentL1, currentL2)', { currentL1: 10, currentL2: 7 }, true],
    ['power > (running == 1 ? ratings.ratedPower : 0.5)', { power: 1, running: 0 }, true],
    ['!(mode != 1) || tripped == 1', { mode: 2, tripped: 0 }, false],
    ['10 % 4 == 2 && 2 + 3 * 4 == 14 && (2 + 3) * 4 == 20', {}, true],
    // One side that decides is enough; else what is not known is not known.
    ['running == 0 || flow > 1', { running: 0 }, true],
    ['running == 0 || flow > 1', { running: 1 }, undefined],
    ['running == 0 && flow > 1', { running: 1 }, false],
    ['has(flow) ? 1 > 0 : 1 < 0', {}, undefined],
    ['flow / 0 > 1', { flow: 1 }, undefined],
  ])('%s of %o is %s', (text, points, expected) => {
    if (text.startsWith('has')) expect(refusal(text)).toContain('a figure belongs here');
    else expect(judge(text, points)).toBe(expected);
  });

  it.each([
    ['flow', 'a rule is a comparison, true or false'],
    ['flow < ', 'something is missing at the end'],
    ['flow < power', 'm3/h and kW do not go together'],
    ['flow + head > 1', 'm3/h and m do not go together'],
    ['load > 1', '`load` is no point of pump, rating or parameter'],
    ['parameters.most > 1', '`parameters.most` is no point of pump, rating or parameter'],
    ['ratings.constructor > 1', '`ratings.constructor` is no point of pump, rating or parameter'],
    ['constructor > 1', '`constructor` is no point of pump, rating or parameter'],
    ['mode == 7', '`mode` is compared with one of its codes: 0, 1, 2'],
    ['mode > 1', '`mode` is a state: use == or !='],
    ['running && flow > 1', 'a comparison belongs here, not a state'],
    ['flow > 1 flow', '"flow" does not belong here'],
    ['flow > "a"', 'cannot read ""a""'],
    ['matches(flow, 1) > 1', 'there is no `matches`; there are abs, min, max and has'],
    ['min(flow) > 1', '`min` takes 2'],
    ['(flow > 1', '")" is missing before "the end"'],
    ['flow < 1e400', '1e400 is too large a number'],
    ['flow > 1 > 2', 'true or false is compared with a figure'],
    [`${'('.repeat(40)}1${')'.repeat(40)} > 0`, 'brackets go at most 32 deep'],
    [`${'1 + '.repeat(150)}1 > 0`, 'an expression has at most 200 parts'],
    [`1 > ${' '.repeat(3000)}0`, 'an expression has at most 2000 characters'],
  ])('%s is refused: %s', (text, why) => expect(refusal(text)).toBe(why));

  it('is read or refused, whatever it is', () => {
    const pieces = fc.constantFrom(
      'flow',
      '1',
      '(',
      ')',
      '&&',
      '||',
      '<',
      '==',
      '!',
      '-',
      '?',
      ':',
      ',',
      'min',
      '.',
      ' ',
      '"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        try {
          parseRule(parts.join(''));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RuleError);
        }
      }),
    );
  });
});

const text = { en: 'Low flow', zh: '流量低' };
const rule: SiteRule = {
  ...{ id: 'low-flow', kind: 'pump', when: 'flow < parameters.least', while: 'running == 1' },
  parameters: { least: { unit: 'm3/h', default: 3, minimum: 0, maximum: 100 } },
  ...{ onDelay: 60, offDelay: 10, priority: 3, trade: 'mechanical', raisesOrder: true, latching: false },
  ...{ title: text, cause: text, consequence: text, steps: [text] },
};

it('is a fault like those of the library: delays, texts, parameters, catalogue', () => {
  const made = faultOfRule(rule);
  if (!('fault' in made)) throw new Error('the rule should be right');
  const { fault } = made;
  expect(fault).toMatchObject({ id: 'rule.low-flow', points: ['flow', 'running'], respondWithin: 1440 });
  expect(catalogue([{ fault }]).at(-1)).toMatchObject({
    fault: 'rule.low-flow',
    needs: { points: ['flow', 'running'] },
  });
  const names = parametersOf('pump', [fault]).flatMap((p) => (p.fault === 'rule.low-flow' ? [p.name] : []));
  expect(names).toEqual(['least', 'onDelay', 'offDelay', 'reAlarm']);
  const cadence = { period: 1000, maximumSilence: 0 };
  const points = ['flow', 'running'].map((point) => ({ point, cadence }));
  const machine = { id: 'p', kind: 'pump' as const, ratings: {}, points, rules: [fault] };
  const detection = createDetection({ ...ids, equipment: [machine] });
  const raised: [string, number][] = [];
  for (let second = 0; second <= 90; second += 1) {
    const time = start + second * 1000;
    const flow = second < 10 ? 5 : 2;
    const { alarms } = detection.ingest([sample('p', 'running', time, 1), sample('p', 'flow', time, flow)]);
    for (const alarm of [...alarms, ...detection.tick(time).alarms])
      if (alarm.fault.startsWith('rule.')) raised.push([alarm.fault, (alarm.raisedAt - start) / 1000]);
  }
  expect(raised).toEqual([['rule.low-flow', 70]]);
});

it.each(['true', '1 < 2', 'ratings.ratedFlow > 1'])('is refused when it names no point: %s', (when) => {
  const problems = [{ key: 'when', what: 'names no point, so nothing could ever raise it (character 1)' }];
  expect(faultOfRule({ ...rule, when, while: undefined })).toEqual({ problems });
  expect(faultOfRule({ ...rule, when })).toHaveProperty('fault');
});

it('that asks for a point raises alike whether the point is told to be bad or goes stale, however often time is told', () => {
  const made = faultOfRule({ ...rule, when: '!has(flow)', while: undefined, onDelay: 5 });
  if (!('fault' in made)) throw new Error('the rule should be right');
  const points = ['flow', 'running'].map((point) => ({ point, cadence: { period: 1000, maximumSilence: 0 } }));
  const machine = { id: 'p', kind: 'pump' as const, ratings: {}, points, rules: [made.fault] };
  const raisedAt = (flow: (second: number) => number | null | undefined, every: number, restartAt = -1) => {
    let detection = createDetection({ ...ids, equipment: [machine] });
    const seen: number[] = [];
    for (let second = 0; second <= 60; second += 1) {
      const time = start + second * 1000;
      if (second === restartAt)
        detection = createDetection({ ...ids, startedAt: time, equipment: [machine], initial: detection.state() });
      const value = flow(second);
      const samples = value === undefined ? [] : [sample('p', 'flow', time, value)];
      const results = [detection.ingest([...samples, sample('p', 'running', time, second % 2)])];
      if (second % every === 0) results.push(detection.tick(time));
      for (const alarm of results.flatMap(({ alarms }) => alarms))
        if (alarm.fault === 'rule.low-flow' && alarm.facts.active) seen.push((alarm.raisedAt - start) / 1000);
    }
    return seen;
  };
  expect(raisedAt((second) => (second < 20 ? 9 : null), 1)).toEqual([25]);
  const [stale, ...more] = raisedAt((second) => (second < 20 ? 9 : undefined), 1);
  expect(stale).toBeGreaterThan(25);
  expect(more).toEqual([]);
  expect(raisedAt((second) => (second < 20 ? 9 : undefined), 60)).toEqual([stale]);
  // After a restart it has its time to be heard again.
  expect(raisedAt((second) => (second < 20 ? 9 : undefined), 1, 21)).toEqual([(stale ?? 0) + 2]);
  expect(raisedAt((second) => (second % 3 === 0 ? 9 : undefined), 1)).toEqual([]);
});

it('says of which expression what is wrong, and where', () => {
  expect(faultOfRule({ ...rule, when: 'flow < power', while: 'load == 1' })).toEqual({
    problems: [
      { key: 'when', what: 'm3/h and kW do not go together (character 6)' },
      { key: 'while', what: '`load` is no point of pump, rating or parameter (character 1)' },
    ],
  });
});
