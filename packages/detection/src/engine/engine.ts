import type { Alarm, Evidence, LocalText, Sample } from '@plantroom/model';
import { stages } from '../stages/index.ts';
import { runStages } from '../stages/stage.ts';
import type {
  Detection,
  DetectionCommand,
  DetectionEquipment,
  DetectionOptions,
  DetectionResult,
  DetectionState,
  ExternalFact,
  OpenAlarmState,
} from '../types.ts';
import { type Due, dueUntil, isStillDue, nextStale, silentAgain, type Waiting } from './agenda.ts';
import { AlarmBook } from './alarm-book.ts';
import { offDelayOf } from './chatter.ts';
import { answerCommand, type CommandLog, inGatewayTime } from './commands.ts';
import { hear } from './connection.ts';
import { FloodWatch } from './flood-watch.ts';
import { Hiding } from './hiding.ts';
import type { Instance, Machine } from './instance.ts';
import { canJudge, evidenceOf, known, look } from './look.ts';
import { restore, save, suspendDelays } from './persistence.ts';
import { goOnListening, movePlant, noteMachine, Plant, writeSample } from './plant.ts';
import { endRequestPause } from './requests.ts';
import { ResultBuilder } from './result.ts';

const never = Number.POSITIVE_INFINITY;

/**
 * The walk from samples to alarms. Time moves by samples and ticks alike: before anything new is taken in, whatever was due
 * earlier happens first, at its own time, so that the answer does not depend on how often somebody ticks.
 */
export class Engine implements Detection {
  readonly #result = new ResultBuilder();
  readonly #book: AlarmBook;
  readonly #commands: CommandLog = new Map();
  readonly #delays = new Set<Instance>();
  readonly #dirty: Instance[] = [];
  readonly #flood = new FloodWatch();
  readonly #hiding: Hiding;
  #plant: Plant;
  #orphans: OpenAlarmState[] = [];
  #isTakenUp = true;
  #startedAt: number;
  #clock: number;
  /** All steps of the wall clock, ms. */
  #stepped = 0;
  /** Nothing is due before this; may be too early, never too late. */
  #wake = Number.NEGATIVE_INFINITY;
  #image = 0;
  /** Planned work that began or ended, and returns that were over until then, have been seen to. */
  #revealed: number;

  constructor(options: DetectionOptions) {
    this.#startedAt = this.#clock = this.#revealed = options.startedAt;
    this.#book = new AlarmBook(options, this.#result);
    this.#plant = new Plant(options.equipment, options.startedAt);
    const engine = this;
    this.#hiding = new Hiding({
      get plant() {
        return engine.#plant;
      },
      book: this.#book,
      flood: this.#flood,
      wakeAt: (at) => {
        if (at < this.#wake) this.#wake = at;
      },
    });
    if (options.initial) this.#restore(options.initial, options.startedAt);
  }

  ingest(samples: readonly Sample[]): DetectionResult {
    this.#takeUp(this.#clock);
    let machine: Machine | undefined;
    let equipment = '';
    let moment = Number.NaN;
    let now = 0;
    for (const sample of samples) {
      if (sample.equipment !== equipment || sample.gatewayTime !== moment) {
        this.#judgeImage(now);
        equipment = sample.equipment;
        moment = sample.gatewayTime;
        now = sample.time;
        machine = this.#plant.machines.get(equipment);
        this.#advance(moment);
      }
      const slot = machine?.slots.get(sample.point);
      if (!slot || !machine) continue;
      if (slot.image === this.#image) {
        // A second value of one point in one batch is a later image.
        this.#judgeImage(now);
        now = sample.time;
      }
      if (!writeSample(slot, sample, this.#dirty)) continue;
      slot.image = this.#image;
      noteMachine(machine, sample);
      if (sample.time > now) now = sample.time;
      if (slot.rank < 2) this.#heard(machine, sample.gatewayTime);
    }
    this.#judgeImage(now);
    return this.#result.take();
  }

  fact(fact: ExternalFact): DetectionResult {
    this.#takeUp(this.#clock);
    this.#advance(fact.time);
    const machine = this.#plant.machines.get(fact.equipment);
    const instance = machine?.byFault.get(fact.fault)?.find((each) => each.subject === fact.subject);
    if (instance?.fault.trigger !== 'external') return this.#result.take();
    const alarm = instance.open?.alarm;
    if (fact.active && !alarm?.facts.active)
      this.#raise(instance, fact.time, fact.time, fact.detail, fact.evidence ?? []);
    else if (alarm?.facts.active && alarm.detail.en !== fact.detail.en)
      this.#book.touch(instance, 'detail', fact.detail, { at: fact.time });
    if (!fact.active) this.#propose(instance, 'clear', fact.time, fact.time);
    return this.#result.take();
  }

  tick(now: number): DetectionResult {
    this.#takeUp(now);
    this.#advance(now);
    return this.#result.take();
  }

  command(told: DetectionCommand): DetectionResult {
    this.#takeUp(this.#clock);
    const instance = this.#book.open.get(told.alarm);
    const command = inGatewayTime(told, this.#clock);
    const outcome = answerCommand(command, instance, this.#book, this.#commands);
    if (outcome) this.#result.outcome(outcome);
    if (instance) this.#hiding.follow(instance, this.#clock);
    return this.#result.take();
  }

  clockStepped(by: number): void {
    this.#startedAt += by;
    this.#clock += by;
    this.#stepped += by;
    this.#revealed = this.#clock;
    this.#isTakenUp = false;
    this.#flood.clockStepped(by);
    movePlant(this.#plant, by, this.#stepped);
    this.#wake = Number.NEGATIVE_INFINITY;
  }

  rename(...[wrong]: Parameters<Detection['rename']>): DetectionResult {
    this.#book.rename(this.#plant.machines.values(), wrong, this.#clock);
    return this.#result.take();
  }

  reconfigure(equipment: readonly DetectionEquipment[], now: number): DetectionResult {
    this.#advance(now);
    const [state, before] = [this.state(), this.#plant];
    this.#plant = new Plant(equipment, this.#startedAt);
    this.#book.open.clear();
    this.#delays.clear();
    this.#restore(state, undefined, now);
    goOnListening(before, this.#plant);
    this.#takeUp(now);
    // A limit may be another, a rule be new, while the value stands still.
    for (const each of this.#plant.instances()) if (canJudge(each, now)) this.#judge(each, now - each.machine.lag);
    return this.#result.take();
  }

  open(): readonly Alarm[] {
    return [...this.#book.open.values()].flatMap(({ open }) => (open ? [open.alarm] : []));
  }

  state(): DetectionState {
    return {
      ...save(this.#plant, this.#book.open.values(), this.#orphans),
      clock: this.#clock,
      ...(this.#stepped !== 0 && { stepped: this.#stepped }),
      flood: this.#flood.state(),
      commands: [...this.#commands.values()],
    };
  }

  /** `heardFrom` is when listening began anew; undefined when it never stopped. */
  #restore(state: DetectionState, heardFrom?: number, now?: number): void {
    const { delays, open, orphans } = restore(this.#plant, state, this.#startedAt, now);
    if (heardFrom !== undefined && heardFrom > state.clock) suspendDelays(this.#plant, delays, state.clock);
    for (const instance of delays) this.#delays.add(instance);
    for (const instance of open) if (instance.open) this.#book.open.set(instance.open.alarm.id, instance);
    this.#orphans = orphans;
    this.#stepped = state.stepped ?? 0;
    movePlant(this.#plant, 0, this.#stepped);
    this.#clock = Math.max(this.#clock, state.clock);
    // What began or ended while nobody ran has not been seen to.
    this.#revealed = state.clock;
    this.#isTakenUp = false;
    this.#flood.restore(state.flood);
    for (const outcome of state.commands) this.#commands.set(outcome.command, outcome);
    this.#wake = Number.NEGATIVE_INFINITY;
  }

  /** A restart, a reload or a step of the clock may have taken away what hid an alarm, or brought what hides it now. */
  #takeUp(at: number): void {
    if (this.#isTakenUp) return;
    this.#isTakenUp = true;
    for (const orphan of this.#orphans) this.#book.withdraw(orphan, at);
    this.#orphans = [];
    this.#hiding.takeUp(this.#revealed);
  }

  #heard(machine: Machine, at: number): void {
    if (at > machine.heard) hear(machine, at);
    const { silence } = machine;
    if (!silence?.open?.alarm.facts.active) return;
    if (silence.pending === undefined || silence.unknownSince !== undefined) this.#settle(silence, false, at);
  }

  /** Lets all that is due until `to` happen, each at its own time. */
  #advance(to: number): void {
    if (to > this.#clock) this.#clock = to;
    while (this.#wake <= to) {
      const { due, next } = dueUntil(this.#waiting(), to);
      this.#wake = next;
      for (const each of due) {
        // What happens may bring something nearer, and may take away what waits.
        if (this.#wake <= each.at) break;
        if (isStillDue(each, this.#waiting())) this.#happen(each);
      }
      if (due.length > 0) this.#wake = Number.NEGATIVE_INFINITY;
    }
  }

  #waiting(): Waiting {
    return {
      delays: this.#delays,
      machines: this.#plant.machines.values(),
      open: this.#book.open.values(),
      revealedUntil: this.#revealed,
      floodEnds: this.#flood.ends,
      listeningSince: this.#startedAt,
    };
  }

  #happen({ what, at, instance }: Due): void {
    if (what === 'flood' || what === 'hiding') this.#reveal(what, at);
    else if (instance && what === 'shelving') {
      this.#book.apply(instance, 'unshelve', { at, reasons: [{ stage: 'shelve', reason: 'shelving-over' }] });
      this.#hiding.follow(instance, at);
    } else if (instance && what === 're-alarm') {
      const cause = { at, reasons: [{ stage: 're-alarm', reason: 'acknowledged, and still active' }] };
      if (!this.#book.apply(instance, 're-alarm', cause) && instance.open) instance.open.againAt = undefined;
    } else if (instance && what === 'request') {
      endRequestPause(instance);
      this.#hiding.reconsider(instance, at);
    } else if (instance && what === 'silence') this.#raise(instance, at, at);
    else if (instance && what === 'stale') {
      instance.staleSeen = at;
      this.#judge(instance, Math.max(at, this.#revealed));
    } else if (instance) this.#delayOver(instance, instance.due);
  }

  #delayOver(instance: Instance, at: number): void {
    const unknownSince = instance.fault.trigger === 'silence' ? silentAgain(instance, at) : look(instance, at);
    const blind = instance.pending === 'clear' && instance.blinded;
    if (instance.pending && (blind || unknownSince !== known))
      this.#suspend(instance, blind ? at - 1 : unknownSince, at);
    else if (instance.pending) this.#propose(instance, instance.pending, at, at);
  }

  #judgeImage(now: number): void {
    this.#image += 1;
    if (this.#dirty.length === 0) return;
    for (const instance of this.#dirty) {
      instance.dirty = false;
      this.#judge(instance, now);
    }
    this.#dirty.length = 0;
  }

  #judge(instance: Instance, now: number): void {
    if (instance.unknownSince !== undefined && instance.needed.some((slot) => slot.remembered)) return;
    // It held although a decisive point was lost: what ends it now is something that is seen.
    const heldBlind = instance.blinded && instance.pending === 'raise' && instance.unknownSince === undefined;
    const unknownSince = look(instance, now);
    if (unknownSince !== known) {
      this.#suspend(instance, unknownSince, now);
      return;
    }
    const { fault, view } = instance;
    if (fault.tellsLoss) this.#wake = Math.min(this.#wake, nextStale(instance, this.#startedAt));
    if (fault.timed) fault.update(view);
    const on = fault.gate(view);
    const answer = on ? fault.condition(view) : false;
    if (answer === undefined || (!answer && on && instance.blinded && !heldBlind)) {
      this.#suspend(instance, now, now);
      return;
    }
    instance.off = !on;
    this.#settle(instance, answer, now);
  }

  /** The answer is unknown since then: what was due before still happens, then the delay stands still. */
  #suspend(instance: Instance, since: number, now: number): void {
    if (!instance.pending) return;
    if (instance.unknownSince === undefined && instance.due <= since) {
      this.#propose(instance, instance.pending, instance.due, instance.due);
      return;
    }
    instance.unknownSince ??= Math.max(since, instance.since);
    instance.due = never;
    // What nobody knows to be about to end is hidden only while something explains it.
    if (instance.pending === 'clear') this.#hiding.reconsider(instance, now);
  }

  /** Starts, stops or ends delays by what the condition says at a moment of event time. */
  #settle(instance: Instance, answer: boolean, now: number): void {
    if (instance.unknownSince !== undefined) {
      instance.since += Math.max(0, now - instance.unknownSince);
      instance.unknownSince = undefined;
      instance.due = instance.since + this.#delayOf(instance);
    }
    // It held until now, so what fell due on the way has happened, even if it ends at this very sample.
    if (instance.pending && instance.due <= now) this.#propose(instance, instance.pending, instance.due, instance.due);
    const active = instance.open?.alarm.facts.active ?? false;
    if (answer === active) {
      if (instance.pending) {
        this.#stopDelay(instance);
        this.#hiding.reconsider(instance, now);
      }
      return;
    }
    if (!instance.pending) {
      instance.pending = answer ? 'raise' : 'clear';
      instance.since = now;
      this.#delays.add(instance);
    }
    instance.due = instance.since + this.#delayOf(instance);
    this.#propose(instance, instance.pending, instance.due, Math.max(now, instance.since));
  }

  #delayOf(instance: Instance): number {
    if (instance.pending === 'clear') return offDelayOf(instance);
    const hastened = instance.fault.hasten(instance.view);
    return hastened === undefined ? instance.onDelay : Math.min(instance.onDelay, hastened * 1000);
  }

  #stopDelay(instance: Instance): void {
    this.#delays.delete(instance);
    instance.pending = instance.unknownSince = undefined;
    instance.due = never;
  }

  #propose(instance: Instance, input: 'raise' | 'clear', due: number, now: number): void {
    if (input === 'raise') {
      this.#raise(instance, due, now);
      return;
    }
    const outcome = runStages(stages, { instance, input, due, now }, this.#hiding.context);
    if (outcome.wait) {
      this.#wake = Math.min(this.#wake, due);
      return;
    }
    this.#stopDelay(instance);
    if (!this.#book.apply(instance, 'clear', { at: now, reasons: outcome.reasons })) return;
    if (instance.open?.alarm.shelving?.oneShot) {
      const reasons = [{ stage: 'shelve', reason: 'one-shot: it returned to normal' }];
      this.#book.apply(instance, 'unshelve', { at: now, reasons });
    }
    this.#hiding.follow(instance, now);
  }

  #raise(instance: Instance, due: number, now: number, detail?: LocalText, evidence?: readonly Evidence[]): void {
    const outcome = runStages(stages, { instance, input: 'raise', due, now }, this.#hiding.context);
    if (outcome.wait) {
      this.#wake = Math.min(this.#wake, due);
      return;
    }
    this.#stopDelay(instance);
    const words = detail ?? instance.fault.detail(instance.view);
    const cause = { at: now, reasons: outcome.reasons, suppression: outcome.hide };
    const isNew = this.#book.raise(instance, words, [...(evidence ?? evidenceOf(instance))].slice(0, 16), cause);
    if (isNew && !outcome.hide) this.#countForFlood(instance, now);
    this.#book.order(instance, outcome.holdOrder, now);
    this.#hiding.follow(instance, now);
  }

  #countForFlood({ open }: Instance, at: number): void {
    const flood = open && this.#flood.count(open.alarm.id, at);
    if (!flood) return;
    this.#wake = Math.min(this.#wake, this.#flood.ends ?? never);
    for (const id of flood.folded) {
      const folded = this.#book.open.get(id);
      if (folded) this.#book.fold(folded, flood.first, at);
    }
  }

  /** What a flood held back, or what was hidden for a time, is asked anew. */
  #reveal(what: 'flood' | 'hiding', at: number): void {
    if (what === 'flood') this.#flood.end();
    else this.#revealed = this.#wake = at;
    this.#hiding.reconsiderAll(at);
  }
}
