import { atLeast, atMost, type Figure, orientation } from '../figure.ts';
import type { LivingSite } from './living-site.ts';
import type { Call, Injection, Score } from './score.ts';

/** Days of the month that false alarms are counted by. */
const month = 30;

/** Figures of a run: in total, then by fault. What was missed or false is told on standard error. */
export function report(
  { injections, calls, consequences }: Score,
  { equipment, samples, faults: known }: LivingSite,
  days: number,
): Figure[] {
  const held = injections.filter(({ heldAt }) => heldAt !== undefined);
  const found = held.filter(({ foundAt }) => foundAt !== undefined);
  const late = found.filter((one) => delayOf(one) > allowed(one));
  const of = (as: Call['as']) => calls.filter((call) => call.as === as).length;
  for (const one of injections) if (!found.includes(one)) tell(one.heldAt === undefined ? 'never held' : 'missed', one);
  for (const one of late) tell(`found ${delayOf(one)} s after, allowed ${allowed(one)} s,`, one);
  for (const { at, entry, said, as } of calls)
    if (as === 'false' || as === 'consequence') console.error(`${time(at)} ${as}: ${nameOf(entry)}, ${said}`);
  for (const name of chattering(calls)) console.error(`chattered: ${name}`);
  const folded = [...consequences.values()].filter((fate) => fate === 'folded').length;
  const faults = [...Map.groupBy(held, ({ plan }) => plan.scenario.finds.fault)].sort(([a], [b]) => (a < b ? -1 : 1));
  const injected = new Set(faults.map(([fault]) => fault));
  console.error(`not injected: ${[...known].filter((fault) => !injected.has(fault)).join(', ')}`);
  return [
    orientation('faults injected', held.length, ''),
    orientation('faults of the library that were injected', faults.length, ''),
    orientation('faults of the library that can run here', known.size, ''),
    orientation('samples', samples, ''),
    atLeast('recall', found.length / held.length, '', 0.9),
    atLeast('precision', found.length / (found.length + of('false')), '', 0.9),
    atMost('false alarms an equipment and month', (of('false') * month) / (days * equipment.length), '', 1),
    atMost('found later than allowed', late.length, '', 0),
    atMost('alarms that chattered', chattering(calls).length, '', 0),
    orientation('alarms an hour', calls.length / (days * 24), '/h'),
    ...(consequences.size === 0
      ? []
      : [
          atLeast('consequences of a power cut folded under it', folded / consequences.size, '', 0.8),
          orientation('consequences of a power cut', consequences.size, ''),
        ]),
    orientation('alarms of what an injected fault brings along', of('true'), ''),
    orientation('alarms of one injected fault after its first', of('again'), ''),
    ...faults.flatMap(([fault, ones]) => figuresOf(fault, ones)),
  ];
}

function figuresOf(fault: string, ones: readonly Injection[]): Figure[] {
  const delays = ones.filter(({ foundAt }) => foundAt !== undefined).map(delayOf);
  const sorted = delays.sort((a, b) => a - b);
  const most = Math.max(...ones.map(allowed));
  return [
    orientation(`${fault}: injected`, ones.length, ''),
    orientation(`${fault}: found`, sorted.length, ''),
    ...(sorted.length === 0
      ? []
      : [
          orientation(`${fault}: delay, median`, sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, 's'),
          atMost(`${fault}: delay, worst`, sorted.at(-1) ?? 0, 's', most),
        ]),
  ];
}

/** Seconds from when the fault held to its alarm; of a trend from its onset. */
function delayOf({ plan, start, heldAt = start, foundAt = heldAt }: Injection): number {
  return (foundAt - (plan.scenario.within === 'trend' ? start : heldAt)) / 1000;
}

function allowed({ plan, start, heldAt = start }: Injection): number {
  const { within } = plan.scenario;
  return within === 'trend' ? (2 * (heldAt - start)) / 1000 : within;
}

/** Alarms that called three times in a minute. */
function chattering(calls: readonly Call[]): string[] {
  const byAlarm = Map.groupBy(calls, ({ entry }) => nameOf(entry));
  const often = (some: readonly Call[]) =>
    some.some(({ at }, i) => at - (some[i - 2]?.at ?? Number.NEGATIVE_INFINITY) <= 60_000);
  return [...byAlarm].filter(([, some]) => often(some)).map(([name]) => name);
}

function nameOf({ equipment, fault, subject }: Call['entry']): string {
  return `${equipment} ${fault} ${subject}`.trimEnd();
}

function tell(what: string, { plan, start }: Injection): void {
  console.error(`${time(start)} ${what}: ${plan.target} ${plan.scenario.finds.fault}`);
}

function time(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19);
}
