import {
  type Alarm,
  type AlarmInput,
  type AlarmState,
  alarmStateOf,
  type Evidence,
  isOver,
  type LocalText,
  normalFacts,
  type Shelving,
  type Suppression,
  transition,
} from '@plantroom/model';
import type { DetectionOptions, JournalEntry, OpenAlarmState, StageReason, WrongTime } from '../types.ts';
import { isChattering, noteChange } from './chatter.ts';
import { hidden } from './hidden.ts';
import type { Instance, Machine } from './instance.ts';
import { mayAskAt, noteRequest } from './requests.ts';
import type { ResultBuilder } from './result.ts';
import { noteReturn } from './returning.ts';

/** Who or what is behind a transition. */
export interface Cause {
  readonly at: number;
  readonly reasons?: readonly StageReason[];
  readonly actor?: string;
  readonly comment?: string;
  readonly command?: string;
  /** For `shelve`. */
  readonly shelving?: Pick<Shelving, 'until' | 'oneShot'>;
  /** For `suppress`, and for a raise that is hidden from the start. */
  readonly suppression?: Suppression | undefined;
}

/** Keeps the open alarms: at most one for each instance, each change a new version. */
export class AlarmBook {
  readonly #options: Pick<DetectionOptions, 'newAlarmId' | 'newOrderId'>;
  readonly #result: ResultBuilder;
  /** By alarm id. */
  readonly open = new Map<string, Instance>();

  constructor(options: Pick<DetectionOptions, 'newAlarmId' | 'newOrderId'>, result: ResultBuilder) {
    this.#options = options;
    this.#result = result;
  }

  /** Raises a new occurrence, or the open one again, suppressed if the cause says so. Returns whether it is a new one. */
  raise(instance: Instance, detail: LocalText, evidence: Evidence[], cause: Cause): boolean {
    const before = instance.open?.alarm;
    const { suppression } = cause;
    let facts = transition(before?.facts ?? normalFacts, 'raise', instance.policy);
    if (!facts) return false;
    if (suppression) facts = transition(facts, 'suppress', instance.policy) ?? facts;
    noteChange(instance, cause.at);
    const marks: Partial<Alarm> = {
      ...(suppression && facts.suppressed ? { suppression } : {}),
      ...(isChattering(instance, cause.at) ? { chattering: true } : {}),
    };
    if (before && instance.open) {
      const change = { facts, clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, detail, evidence };
      instance.open.againAt = undefined;
      this.#write(instance, { ...before, ...change, ...marks }, 'raise', cause);
      // Whoever closed the order of the first time has to be told; while that is open, the cloud counts one occurrence more.
      instance.open.ordered = false;
      instance.open.again = { at: cause.at, version: instance.open.alarm.version };
      return false;
    }
    // Two occurrences must not share an id, which is made from the time.
    const raisedAt = Math.max(cause.at, (instance.raisedAt ?? Number.NEGATIVE_INFINITY) + 1);
    instance.raisedAt = raisedAt;
    const alarm: Alarm = {
      id: this.#options.newAlarmId(instance.identity, raisedAt),
      equipment: instance.machine.equipment.id,
      fault: instance.fault.id,
      subject: instance.subject,
      source: 'gateway',
      priority: instance.fault.priority,
      facts,
      raisedAt,
      clearedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      endedAt: null,
      ending: null,
      ...marks,
      detail,
      evidence,
      version: 0,
      command: null,
    };
    instance.open = { alarm, ordered: false };
    this.open.set(alarm.id, instance);
    this.#write(instance, alarm, 'raise', cause, alarmStateOf(normalFacts));
    return true;
  }

  /** Applies an input to the open alarm; false when it changes nothing. */
  apply(instance: Instance, input: AlarmInput, cause: Cause): boolean {
    const { open, policy } = instance;
    if (!open) return false;
    let facts = transition(open.alarm.facts, input, policy);
    if (!facts) return false;
    // ISA-18.2: what ended while it was hidden is normal when the hiding ends, as nobody has been told of it.
    if (reveals(input) && !hidden(facts) && !facts.active && !facts.latched) facts = { ...facts, acknowledged: true };
    if (input === 'shelve') open.shelvedUntil = cause.shelving?.until;
    if (input === 'unshelve') open.shelvedUntil = undefined;
    if (input === 'clear') {
      noteReturn(instance, cause.at);
      noteChange(instance, cause.at);
    }
    if (input === 'clear' || input === 're-alarm') open.againAt = undefined;
    if (input === 'acknowledge' && facts.active && instance.reAlarm > 0) open.againAt = cause.at + instance.reAlarm;
    const change: Partial<Alarm> = { facts, ...marksOf(input, open.alarm, cause) };
    if (isOver(facts)) {
      change.endedAt = Math.max(cause.at, open.alarm.raisedAt);
      change.ending = 'returned';
    }
    this.#write(instance, { ...open.alarm, ...change }, input, cause);
    if (isOver(facts)) this.#drop(instance);
    return true;
  }

  /** Says that a hidden alarm stands under another than before, or is hidden for another reason; false when it does not. */
  explain(instance: Instance, suppression: Suppression, cause: Cause): boolean {
    const alarm = instance.open?.alarm;
    if (!alarm || alarm.suppression?.alarm === suppression.alarm) return false;
    this.#write(instance, { ...alarm, suppression }, 'detail', cause);
    return true;
  }

  /** Names the alarm that came first in the flood in which this one was raised. */
  fold(instance: Instance, firstOut: string, at: number): void {
    const alarm = instance.open?.alarm;
    if (!alarm || alarm.firstOut === firstOut) return;
    const reasons = [{ stage: 'flood', reason: alarm.id === firstOut ? 'first-out' : `first-out ${firstOut}` }];
    this.#write(instance, { ...alarm, firstOut }, 'detail', { at, reasons });
  }

  /** A new version that changes no fact: other words, or the echo of a command that had no effect. */
  touch(instance: Instance, input: 'detail' | 'none', detail: LocalText | undefined, cause: Cause): void {
    const alarm = instance.open?.alarm;
    if (alarm) this.#write(instance, detail ? { ...alarm, detail } : alarm, input, cause);
  }

  /** Gives open alarms their right times: a new version of each in which that changes any. */
  rename(machines: Iterable<Machine>, { from, to, by }: WrongTime, at: number): void {
    const right = (time: number) => (time >= from && time <= to ? time + by : time);
    for (const { instances } of machines) for (const instance of instances) this.#rename(instance, right, at);
  }

  #rename(instance: Instance, right: (time: number) => number, at: number): void {
    if (instance.raisedAt !== undefined) instance.raisedAt = right(instance.raisedAt);
    const { open } = instance;
    if (!open) return;
    const { alarm } = open;
    if (open.again) open.again = { ...open.again, at: right(open.again.at) };
    const orNull = (time: number | null) => (time === null ? null : right(time));
    const raisedAt = right(alarm.raisedAt);
    const [clearedAt, acknowledgedAt] = [orNull(alarm.clearedAt), orNull(alarm.acknowledgedAt)];
    const isRight = raisedAt === alarm.raisedAt && clearedAt === alarm.clearedAt;
    if (isRight && acknowledgedAt === alarm.acknowledgedAt) return;
    const evidence = alarm.evidence.map((e) => ({ ...e, time: right(e.time) }));
    const reasons = [{ stage: 'clock', reason: 'the clock was wrong' }];
    this.#write(instance, { ...alarm, raisedAt, clearedAt, acknowledgedAt, evidence }, 'detail', { at, reasons });
  }

  /** Asks for the job, once each time that the alarm is raised, unless it is hidden or its order is held back. */
  order(instance: Instance, hold: boolean, at: number): void {
    const { open, fault, subject } = instance;
    if (!open || open.ordered || hold || !open.alarm.facts.active || hidden(open.alarm.facts)) return;
    if (!fault.raisesOrder || mayAskAt(open) > at) return;
    noteRequest(open, at);
    const { again } = open;
    const { id, equipment, priority } = open.alarm;
    const suffix = subject === '' ? '' : ` · ${subject}`;
    this.#result.order({
      id: this.#options.newOrderId(id, again?.version),
      alarm: id,
      equipment,
      fault: fault.id,
      subject,
      priority,
      trade: fault.trade,
      raisedAt: again?.at ?? open.alarm.raisedAt,
      title: { en: `${fault.title.en}${suffix}`, zh: `${fault.title.zh}${suffix}` },
    });
  }

  /** Ends an alarm whose point or equipment is gone. */
  withdraw({ alarm }: OpenAlarmState, at: number): void {
    const { shelving: _, removal: __, suppression: ___, chattering: ____, ...rest } = alarm;
    const facts = { ...normalFacts, acknowledged: alarm.facts.acknowledged };
    const endedAt = Math.max(at, alarm.raisedAt);
    const ended: Alarm = { ...rest, facts, endedAt, ending: 'withdrawn', version: alarm.version + 1, command: null };
    this.open.delete(alarm.id);
    const reasons = [{ stage: 'configuration', reason: 'its point or equipment is gone' }];
    this.#result.alarm(ended, entry(ended, 'withdraw', alarmStateOf(alarm.facts), { at, reasons }));
  }

  #write(instance: Instance, next: Alarm, input: JournalEntry['input'], cause: Cause, from?: AlarmState): void {
    const { open } = instance;
    if (!open) return;
    const before = from ?? alarmStateOf(open.alarm.facts);
    open.alarm = { ...next, version: open.alarm.version + 1, command: cause.command ?? null };
    this.#result.alarm(open.alarm, entry(open.alarm, input, before, cause));
  }

  #drop(instance: Instance): void {
    if (instance.open) this.open.delete(instance.open.alarm.id);
    instance.open = undefined;
  }
}

/** What a version says beside its facts, by what led to it. */
function marksOf(input: AlarmInput, { raisedAt }: Alarm, cause: Cause): Partial<Alarm> {
  const { at, actor = '', comment = '' } = cause;
  if (input === 'clear') return { clearedAt: at, chattering: undefined };
  if (input === 'acknowledge') return { acknowledgedAt: Math.max(at, raisedAt), acknowledgedBy: cause.actor ?? null };
  if (input === 're-alarm') return { acknowledgedAt: null, acknowledgedBy: null };
  if (input === 'shelve' && cause.shelving)
    return { shelving: { since: at, ...cause.shelving, by: actor, reason: comment } };
  if (input === 'unshelve') return { shelving: undefined };
  if (input === 'remove-from-service') return { removal: { since: at, by: actor, reason: comment } };
  if (input === 'return-to-service') return { removal: undefined };
  if (input === 'suppress') return { suppression: cause.suppression };
  if (input === 'unsuppress') return { suppression: undefined };
  return {};
}

const reveals = (input: AlarmInput) => input === 'unsuppress' || input === 'unshelve' || input === 'return-to-service';

function entry(alarm: Alarm, input: JournalEntry['input'], from: AlarmState, cause: Cause): JournalEntry {
  return {
    time: cause.at,
    alarm: alarm.id,
    equipment: alarm.equipment,
    fault: alarm.fault,
    subject: alarm.subject,
    input,
    from,
    to: alarmStateOf(alarm.facts),
    reasons: [...(cause.reasons ?? [])],
    actor: cause.actor ?? null,
    comment: cause.comment ?? '',
    command: cause.command ?? null,
  };
}
