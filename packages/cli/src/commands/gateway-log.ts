import { errorCode, systemClock } from '@plantroom/base';
import type { Backlog, QuarantineList } from '@plantroom/gateway';
import { askGateway } from '@plantroom/gateway/control';
import { columns, duration } from '../field/columns.ts';
import { usage } from '../field/usage.ts';

type Say = (line: string) => void;

/** Asks the gateway that runs on a data directory; when none does, its log itself. */
async function ask(dataDirectory: string, command: string, argument?: unknown): Promise<unknown> {
  try {
    return await askGateway(dataDirectory, command, argument);
  } catch (thrown) {
    if (errorCode(thrown) !== 'gateway-not-running') throw thrown;
    const { askStoppedLog } = await import('@plantroom/gateway/stopped-log');
    return await askStoppedLog(dataDirectory, command, argument);
  }
}

/** `plantroom gateway backlog`: what waits for the cloud, and how long the log has room. */
export async function backlog(dataDirectory: string, say: Say = console.log): Promise<boolean> {
  for (const line of backlogText((await ask(dataDirectory, 'backlog')) as Backlog)) say(line);
  return true;
}

/** `plantroom gateway quarantine list`: false when there is something in it. */
export async function listQuarantine(dataDirectory: string, say: Say = console.log): Promise<boolean> {
  const list = (await ask(dataDirectory, 'quarantine')) as QuarantineList;
  for (const line of quarantineText(list, systemClock.now())) say(line);
  return list.count === 0;
}

/** `plantroom gateway quarantine replay|drop`: false when there was no such entry. */
export async function treatQuarantine(
  dataDirectory: string,
  action: 'replay' | 'drop',
  which: string,
  say: Say = console.log,
): Promise<boolean> {
  const argument = which === 'all' ? which : nameIn(which);
  const { entries } = (await ask(dataDirectory, `quarantine-${action}`, argument)) as { entries: number };
  const what = `${entries} ${entries === 1 ? 'frame' : 'frames'}`;
  if (entries === 0) say(which === 'all' ? 'The quarantine is empty.' : `There is no ${which} in quarantine.`);
  else if (action === 'replay') say(`${what} will be sent again, after all that waits.`);
  else say(`${what} given up; a gap record says so for each.`);
  return entries > 0;
}

function nameIn(text: string) {
  const [, epoch, lane, sequence] = /^([^/]+)\/(events|telemetry)\/(\d+)$/.exec(text) ?? [];
  if (epoch === undefined) throw usage(`${text} names no frame.`, 'Write it as the list does, or all.');
  return { epoch, lane, sequence: Number(sequence) };
}

const count = (n: number) => n.toLocaleString('en');

/** Bytes in the unit that people would use. */
function size(bytes: number): string {
  const step = [1e9, 1e6, 1e3].find((s) => bytes >= s) ?? 1;
  const unit = { 1e9: 'GB', 1e6: 'MB', 1e3: 'kB', 1: 'B' }[String(step)] ?? 'B';
  return `${Number((bytes / step).toFixed(bytes / step < 10 && step > 1 ? 1 : 0))} ${unit}`;
}

/** Milliseconds: what waits no longer is on its way, and says nothing of an outage. */
const onItsWay = 60_000;

/** While the cloud takes all, the log's file grows and shrinks with each commit, which is no trend. */
function outlookOf(fullIn: number | null, longest: number): string {
  if (longest < onItsWay) return 'the cloud takes what comes, and the log does not fill';
  if (fullIn === null) return 'it does not grow';
  return `full in ${duration(fullIn)} if it goes on as in the last ten minutes`;
}

export function backlogText({ lanes, log }: Backlog): string[] {
  const rows = (['events', 'telemetry'] as const).map((lane) => ({ lane, ...lanes[lane] }));
  const ages = rows.map((r) => (r.entries === 0 ? '-' : duration(r.age)));
  const fates = ['produced', 'stored', 'buffered', 'quarantined', 'thinned', 'dropped', 'corrupt'] as const;
  const limit = log.maximum > 0 ? ` of ${size(log.maximum)}` : '';
  const longest = Math.max(0, ...rows.map((r) => (r.entries === 0 ? 0 : r.age)));
  const outlook = outlookOf(log.fullIn, longest);
  return [
    ...columns({
      head: ['waiting', 'frames', 'bytes', 'oldest'],
      rows: rows.map((r, n) => [r.lane, count(r.entries), size(r.bytes), ages[n] ?? '']),
      right: [1, 2, 3],
    }),
    '',
    ...columns({
      head: ['in all', ...fates],
      rows: rows.map((r) => [r.lane === 'events' ? 'events' : 'samples', ...fates.map((fate) => count(r[fate]))]),
      right: fates.map((_, n) => n + 1),
    }),
    '',
    `The log uses ${size(log.used)}${limit}, the disk has ${size(log.free)} free${log.maximum > 0 ? `: ${outlook}` : ''}.`,
    ...(log.maximum > 0 ? [] : ['The gateway does not run.']),
    ...(log.trouble === null ? [] : [`The disk takes no writes (${log.trouble}): what is read waits in memory.`]),
  ];
}

export function quarantineText({ entries, count: all }: QuarantineList, now: number): string[] {
  if (all === 0) return ['The quarantine is empty.'];
  const rows = entries.map((e) => [
    `${e.epoch}/${e.lane}/${e.sequence}`,
    count(e.items),
    duration(Math.max(0, now - e.loggedAt)),
    e.code,
    e.reason,
  ]);
  return [
    ...columns({ head: ['frame', 'items', 'age', 'code', 'reason'], rows, right: [1, 2] }),
    ...(all > entries.length ? [`... and ${count(all - entries.length)} more`] : []),
    '',
    'Send again what the cloud can take by now: quarantine replay. Give up for good: quarantine drop.',
  ];
}
