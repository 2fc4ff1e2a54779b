import { z } from 'zod';
import { alarm } from '../alarm.ts';
import { alarmTransition } from '../alarm-journal.ts';
import { deviceEvent } from '../device-event.ts';
import { interval } from '../interval.ts';
import { modelRevision } from '../model-revision.ts';
import { workOrderRequest } from '../work-order.ts';
import { clockCorrection } from './clock-correction.ts';
import { FrameError, openEnvelope } from './envelope.ts';
import { lanes } from './header.ts';
import { frameHeader } from './header-schema.ts';
import { unpackJson } from './json-body.ts';

/** What was thinned or dropped under pressure: travels like data, so that every hole has a cause. */
export const gapRecord = z.object({
  id: z.string().min(1).max(128),
  lane: z.enum(lanes),
  fromSequence: z.number().int(),
  toSequence: z.number().int(),
  fromTime: z.number().int(),
  toTime: z.number().int(),
  samples: z.number().int(),
  reason: z.enum(['thinned', 'dropped', 'corrupt']),
});
export type GapRecord = z.infer<typeof gapRecord>;

/** A command's answer when it changed nothing: the alarm is gone, or the action has no effect in its state. */
export const commandOutcome = z.object({
  command: z.string(),
  applied: z.boolean(),
  reason: z.string().max(200),
  /** The gateway has no such alarm open: it is over, or was forgotten with the gateway's disk. */
  isUnknown: z.boolean().optional(),
});
export type CommandOutcome = z.infer<typeof commandOutcome>;

/** Everything on the events lane; each is idempotent by its id (and version or revision where it has one). */
export const wireEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('model'), model: modelRevision }),
  /** A version of an alarm, with the transition that led to it. */
  z.object({ type: z.literal('alarm'), alarm, transition: alarmTransition.optional() }),
  z.object({ type: z.literal('work-order'), order: workOrderRequest }),
  z.object({ type: z.literal('intervals'), intervals: z.array(interval).max(1000) }),
  z.object({ type: z.literal('device-event'), event: deviceEvent }),
  z.object({ type: z.literal('gap'), gap: gapRecord }),
  z.object({ type: z.literal('clock-correction'), correction: clockCorrection }),
  z.object({ type: z.literal('command-outcome'), outcome: commandOutcome }),
]);
export type WireEvent = z.infer<typeof wireEvent>;

/** More events than any outbox puts in one frame. */
const mostEvents = 1000;
/** A list is looked at only when it is short enough: a million wrong events are one fault, not a million. */
const fewEnough = z.custom<unknown[]>((list) => Array.isArray(list) && list.length <= mostEvents, {
  message: `expected a list of at most ${mostEvents} events`,
});

export const eventsFrame = z.object({ header: frameHeader, events: fewEnough.pipe(z.array(wireEvent)) });
export type EventsFrame = z.infer<typeof eventsFrame>;

/** Unpacks a frame; throws FrameError, naming the first field that does not fit. */
export function decodeEvents(bytes: Uint8Array): EventsFrame {
  const parsed = parse(unpackJson(openEnvelope(bytes)));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FrameError('malformed', `an events frame does not fit: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** A hostile body can have more faults than the checker's stack holds; that too is only a frame that does not fit. */
function parse(body: unknown) {
  try {
    return eventsFrame.safeParse(body);
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new FrameError('malformed', 'an events frame does not fit in too many places');
    throw thrown;
  }
}
