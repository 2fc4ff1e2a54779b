import { errorCode } from '@plantroom/base';
import type { EventsFrame, GatewayAddress, WireEvent } from '@plantroom/model/wire';
import type { Committed, EventsBatch } from '../records/contract.ts';
import { Answers } from './answers.ts';
import { attempt } from './attempts.ts';
import { warnOfModel } from './doubtful-model.ts';
import type { Received } from './frame-queue.ts';
import { entryOf, type LaneContext, reject, sendAnswers } from './lane-context.ts';
import { readEvents } from './read-frame.ts';

/** Events frames: a transaction each, then the acknowledgement. They read without their model, so none waits for it. */
export class EventsLane {
  readonly #context: LaneContext;

  constructor(context: LaneContext) {
    this.#context = context;
  }

  async handle(received: readonly Received[]): Promise<void> {
    for (const { from, bytes } of received) {
      const answers = new Answers();
      const read = readEvents(bytes, from, this.#context.clock.now());
      if ('frame' in read) await this.#store(answers, from, read.frame);
      else reject(this.#context, answers, from, read.header, read.rejection);
      sendAnswers(this.#context, answers);
    }
  }

  async #store(answers: Answers, from: GatewayAddress, frame: EventsFrame): Promise<void> {
    const { records, clock, tally } = this.#context;
    const { header } = frame;
    const done = await attempt(
      this.#context,
      async () => {
        const duplicate = await records.isStored(entryOf(header));
        return duplicate ? undefined : await records.commitEvents(batchOf(frame, clock.now()));
      },
      isRefusal,
    );
    if ('error' in done) {
      if (isRefusal(done.error))
        reject(this.#context, answers, from, header, { code: 'invalid', reason: done.error.message });
      else tally.unanswered++;
      return;
    }
    answers.stored(from, header);
    if (done.result) {
      tally.frames++;
      announceCommitted(this.#context, from, done.result);
      for (const e of frame.events) if (e.type === 'model') await warnOfModel(this.#context, from, e.model);
    } else tally.duplicates++;
  }
}

/** The records will never take it: a text in the frame is none. */
function isRefusal(error: Error): boolean {
  return errorCode(error) === 'records-unstorable';
}

export function announceCommitted(context: LaneContext, from: GatewayAddress, committed: Committed): void {
  const { alarms, orders, intervals, models } = committed;
  if (alarms.length + orders.length + intervals.length + models.length === 0) return;
  const ids = { alarms: [...alarms], orders: [...orders], intervals: [...intervals], models: [...models] };
  context.announce({
    type: 'committed',
    site: from.site,
    gateway: from.gateway,
    committedAt: context.clock.now(),
    ...ids,
  });
}

function batchOf({ header, events }: EventsFrame, receivedAt: number): EventsBatch {
  const all = <T extends WireEvent['type']>(type: T) =>
    events.filter((e): e is Extract<WireEvent, { type: T }> => e.type === type);
  return {
    entry: entryOf(header),
    receivedAt,
    models: all('model').map((e) => e.model),
    alarms: all('alarm').map((e) => e.alarm),
    transitions: all('alarm').flatMap(({ alarm: { id, version }, transition }) =>
      transition ? [{ alarm: id, version, transition }] : [],
    ),
    orders: all('work-order').map((e) => e.order),
    intervals: all('intervals').flatMap((e) => e.intervals),
    deviceEvents: all('device-event').map((e) => e.event),
    gaps: all('gap').map((e) => e.gap),
    corrections: all('clock-correction').map((e) => e.correction),
    outcomes: all('command-outcome').map((e) => e.outcome),
  };
}
