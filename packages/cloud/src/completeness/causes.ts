import type { HoleCause, MissingFrames } from '@plantroom/model/api';
import type { GapRecord } from '@plantroom/model/wire';
import type { LedgerRange } from '../records/contract.ts';
import type { Span } from './stretches.ts';

/** A time in which whatever is missing of a gateway has one cause. */
export interface CauseWindow extends Span {
  readonly cause: HoleCause;
}

/** What is known of a gateway. */
export interface GatewayFacts {
  /** Of its telemetry. */
  readonly ledger: readonly LedgerRange[];
  /** Of its telemetry. */
  readonly gaps: readonly GapRecord[];
  readonly online: boolean;
  /** Entries of its log that wait, and the age of the oldest in ms, as it said last. */
  readonly backlog: { readonly entries: number; readonly oldest: number } | null;
  readonly quarantined: number;
  readonly now: number;
}

interface Epoch {
  readonly name: string;
  readonly ranges: readonly LedgerRange[];
  readonly from: number;
  readonly to: number;
}

/** Epochs in the order of their first samples. */
function epochsOf(ledger: readonly LedgerRange[]): Epoch[] {
  return [...Map.groupBy(ledger, (r) => r.epoch)]
    .map(([name, all]) => {
      const ranges = all.toSorted((a, b) => a.first - b.first);
      const times = ranges.flatMap((r) => [r.firstTime, r.lastTime]).filter((t) => t !== null);
      return { name, ranges, from: Math.min(...times), to: Math.max(...times) };
    })
    .sort((a, b) => a.from - b.from);
}

/** Time of the newest sample that is stored of it; null when there is none. */
export function newestOf({ ledger }: GatewayFacts): number | null {
  const times = ledger.map((r) => r.lastTime).filter((t) => t !== null);
  return times.length === 0 ? null : Math.max(...times);
}

/** Sequences of the gateway's log that the ledger has not, though it has later ones of their epoch. */
export function missingFrames(facts: GatewayFacts): MissingFrames[] {
  const missing: MissingFrames[] = [];
  for (const { name, ranges } of epochsOf(facts.ledger)) {
    let before: { last: number; lastTime: number | null } = { last: 0, lastTime: null };
    for (const range of ranges) {
      const [first, last] = [before.last + 1, range.first - 1];
      if (first <= last)
        missing.push(...causesOf(facts, { epoch: name, first, last, from: before.lastTime, to: range.firstTime }));
      before = range;
    }
  }
  return missing;
}

/** A hole in the ledger cut up by the gap records that account for its sequences; what is left is still to come, or lost. */
function causesOf(facts: GatewayFacts, hole: Omit<MissingFrames, 'cause'>): MissingFrames[] {
  const gaps = facts.gaps
    .filter((g) => g.id.startsWith(`${hole.epoch}-`) && g.toSequence >= hole.first && g.fromSequence <= hole.last)
    .sort((a, b) => a.fromSequence - b.fromSequence);
  const found: MissingFrames[] = [];
  const rest = (first: number, last: number) => {
    if (first <= last) found.push({ ...hole, first, last, cause: restCause(facts) });
  };
  let next = hole.first;
  for (const gap of gaps) {
    const [first, last] = [Math.max(gap.fromSequence, next), Math.min(gap.toSequence, hole.last)];
    if (first > last) continue;
    rest(next, first - 1);
    found.push({ ...hole, first, last, from: gap.fromTime, to: gap.toTime, cause: gap.reason });
    next = last + 1;
  }
  rest(next, hole.last);
  return found;
}

function restCause({ online, backlog, quarantined }: GatewayFacts): HoleCause {
  if (quarantined > 0) return 'quarantined';
  return !online || (backlog?.entries ?? 0) > 0 ? 'buffered' : 'unknown';
}

/**
 * Why samples of the gateway can be missing, and when: what comes first counts first. Gap records are the gateway's own word;
 * then holes in the ledger; then the time since it was heard last, and the times between two runs of its program.
 */
export function causeWindows(facts: GatewayFacts): CauseWindow[] {
  const windows: CauseWindow[] = [];
  for (const { fromTime, toTime, reason } of facts.gaps)
    if (reason !== 'thinned') windows.push({ from: fromTime, to: toTime, cause: reason });
  for (const { from, to, cause } of missingFrames(facts))
    if (cause !== 'thinned' && from !== null && to !== null) windows.push({ from, to, cause });
  const { backlog, now } = facts;
  const oldest = backlog && backlog.entries > 0 ? now - backlog.oldest : Number.POSITIVE_INFINITY;
  const newest = newestOf(facts);
  const waits = !facts.online || oldest < Number.POSITIVE_INFINITY;
  if (newest !== null && waits) windows.push({ from: newest, to: Number.POSITIVE_INFINITY, cause: 'buffered' });
  const epochs = epochsOf(facts.ledger);
  for (const [n, { from }] of epochs.entries()) {
    const before = epochs[n - 1];
    // What was logged before it stopped may be behind what it has sent since: current values go first.
    if (before && before.to < from)
      windows.push({ from: before.to, to: from, cause: oldest < from ? 'buffered' : 'stopped' });
  }
  return windows;
}

/**
 * A span cut up by its causes, `unknown` where no window says why. A window reaches back by `lead` ms, since spans are told to
 * the minute, and on by `slack`, since a point reports again only when it has something to say.
 */
export function explain(
  span: Span,
  windows: readonly CauseWindow[],
  { lead, slack }: { readonly lead: number; readonly slack: number },
): CauseWindow[] {
  let open: Span[] = [span];
  const pieces: CauseWindow[] = [];
  for (const { from, to, cause } of windows) {
    const left: Span[] = [];
    for (const part of open) {
      const [first, last] = [Math.max(part.from, from - lead), Math.min(part.to, to + slack)];
      if (first >= last) {
        left.push(part);
        continue;
      }
      pieces.push({ from: first, to: last, cause });
      if (part.from < first) left.push({ from: part.from, to: first });
      if (last < part.to) left.push({ from: last, to: part.to });
    }
    open = left;
  }
  for (const part of open) pieces.push({ ...part, cause: 'unknown' });
  return joined(pieces.sort((a, b) => a.from - b.from));
}

function joined(pieces: readonly CauseWindow[]): CauseWindow[] {
  const all: CauseWindow[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last && last.to >= piece.from && last.cause === piece.cause) all[all.length - 1] = { ...last, to: piece.to };
    else all.push(piece);
  }
  return all;
}
