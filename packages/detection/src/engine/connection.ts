import type { Instance, Machine } from './instance.ts';

/**
 * What the machines of one connection have in common. Kept up to date rather than asked of each: when hundreds of devices
 * return at once, every one of them asks for it.
 */
export interface Connection {
  readonly machines: Machine[];
  /** The silences on it that somebody sees. */
  readonly shown: Set<Instance>;
  /** The first two of these by their ordinal: one that stands for the others, and one that stands for the first. */
  leaders: readonly Instance[];
  /** It counts as dead after this: until then one of its machines has been heard within half the time that silence takes. */
  heardUntil: number;
}

export function emptyConnection(): Connection {
  return { machines: [], shown: new Set(), leaders: [], heardUntil: Number.NEGATIVE_INFINITY };
}

/** Notes when a machine was last heard. */
export function hear(machine: Machine, at: number): void {
  machine.heard = at;
  const { connection, silence, silentAfter } = machine;
  if (!connection || !silence) return;
  const until = at + silentAfter / 2;
  if (until > connection.heardUntil) connection.heardUntil = until;
}

/** Whether a silence is seen: one that nobody is told of stands for no other. */
function isShown({ open }: Instance): boolean {
  const facts = open?.alarm.facts;
  return facts?.active === true && !facts.suppressed && !facts.outOfService;
}

/** Notes that a silence is, or is no longer, seen; true when others stand for its connection now. */
export function noteShown(silence: Instance): boolean {
  const { connection } = silence.machine;
  if (!connection || isShown(silence) === connection.shown.has(silence)) return false;
  if (!connection.shown.delete(silence)) connection.shown.add(silence);
  const [first, second] = connection.leaders;
  let [lowest, next]: (Instance | undefined)[] = [];
  for (const each of connection.shown) {
    if (!lowest || each.ordinal < lowest.ordinal) [lowest, next] = [each, lowest];
    else if (!next || each.ordinal < next.ordinal) next = each;
  }
  connection.leaders = [lowest, next].filter((each) => each !== undefined);
  return lowest !== first || next !== second;
}
