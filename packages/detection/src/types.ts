import type {
  Alarm,
  AlarmTransition,
  Cadence,
  Evidence,
  KindName,
  LocalText,
  Sample,
  WorkOrderRequest,
} from '@plantroom/model';
import type { CodeTexts, Fault } from './faults/define-fault.ts';

/** An equipment as detection sees it: what it is, what it is rated for, which points it has. */
export interface DetectionEquipment {
  readonly id: string;
  readonly kind: KindName;
  /** Rated figures, see `ratingUnits`: `ratedFlow` m3/h, `ratedPower` kW, `ratedCurrent` A, ... */
  readonly ratings: Readonly<Record<string, number>>;
  readonly points: readonly { readonly point: string; readonly cadence: Cadence }[];
  /** The bus or session that it shares with others: when all of them fall silent together, that is one alarm. */
  readonly connection?: string | undefined;
  /** What feeds it: the meter above it. Its loss of supply explains what goes wrong below. */
  readonly parent?: string | undefined;
  /** Planned work on it (ms): its alarms are suppressed by design meanwhile, but for those of safety. */
  readonly maintenance?: readonly { readonly from: number; readonly to: number; readonly reason: string }[];
  /** Faults that the site itself declares for it. */
  readonly rules?: readonly Fault[] | undefined;
  /** What the codes of its controller mean, by point, as its profile has them. */
  readonly codes?: CodeTexts | undefined;
  /** What of it is learned: nothing, only these points, or all that its kind allows, which is usual. */
  readonly learn?: boolean | readonly string[] | undefined;
  /** The site's own thresholds by fault and parameter, in the parameter's unit; clamped to the legal range. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface DetectionOptions {
  readonly site: string;
  readonly equipment: readonly DetectionEquipment[];
  /** When this process began to listen (ms): silence and staleness count from here, not from before a restart. */
  readonly startedAt: number;
  /** Must be a pure function of its arguments: `identity` is `equipment|fault|subject`, at most 64 characters out. */
  readonly newAlarmId: (identity: string, raisedAt: number) => string;
  /** `again` is the alarm's version when it was raised again; undefined the first time. */
  readonly newOrderId: (alarm: string, again?: number) => string;
  /** What `state()` returned before the restart. */
  readonly initial?: DetectionState;
}

/** A fact found elsewhere, such as an energy anomaly; `fault` must be one that is declared as external. */
export interface ExternalFact {
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly time: number;
  readonly active: boolean;
  readonly detail: LocalText;
  readonly evidence?: readonly Evidence[];
}

export type CommandAction =
  | 'acknowledge'
  | 'reset'
  | 'shelve'
  | 'unshelve'
  | 'remove-from-service'
  | 'return-to-service';

/** A click; the shape of the wire's alarm command. */
export interface DetectionCommand {
  readonly id: string;
  readonly alarm: string;
  readonly action: CommandAction;
  readonly actor: string;
  readonly time: number;
  readonly comment: string;
  /** For `shelve`: when it ends by itself; at most `longestShelving` after the command. */
  readonly until?: number | undefined;
  /** For `shelve`: it ends as soon as the alarm returns to normal. */
  readonly oneShot?: boolean | undefined;
}

export interface CommandOutcome {
  readonly command: string;
  readonly applied: boolean;
  readonly reason: string;
  /** No such alarm is open here. */
  readonly isUnknown?: true;
}

/** What one stage decided about a raise or a clear, and why. */
export type StageReason = AlarmTransition['reasons'][number];

/** One transition of one alarm, as it is journalled. */
export interface JournalEntry extends AlarmTransition {
  readonly alarm: string;
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly command: string | null;
}

/** What one call led to. `alarms` holds each changed version in the order they came about. */
export interface DetectionResult {
  readonly alarms: readonly Alarm[];
  readonly orders: readonly WorkOrderRequest[];
  readonly outcomes: readonly CommandOutcome[];
  readonly journal: readonly JournalEntry[];
}

/** A span of time by a clock that was wrong by `by` ms. */
export interface WrongTime {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

export interface Detection {
  /** Takes samples in the order of their arrival; those of one equipment and moment are judged as one image. */
  ingest(samples: readonly Sample[]): DetectionResult;
  fact(fact: ExternalFact): DetectionResult;
  /** Lets time pass: delays end, devices fall silent, shelving runs out. Call about once a second. */
  tick(now: number): DetectionResult;
  command(command: DetectionCommand): DetectionResult;
  /**
   * Wall time was stepped by `by` ms: what was kept in it moves along, so that nothing has aged by the step. To be told before
   * anything that is named in the new time.
   */
  clockStepped(by: number): void;
  /**
   * The clock was wrong: what was named by times from `from` to `to` (inclusive, as it was) belongs `by` ms later. Open alarms are
   * told anew with their right times, under the ids that they have. After `clockStepped`.
   */
  rename(wrong: WrongTime): DetectionResult;
  /** Takes a new list of equipment; alarms whose point or equipment went end as `withdrawn`. */
  reconfigure(equipment: readonly DetectionEquipment[], now: number): DetectionResult;
  /** Alarms that are not over. */
  open(): readonly Alarm[];
  /** All that a restart needs, as plain JSON. Cost grows with the number of points. */
  state(): DetectionState;
}

/** A point: last known value, quality as 0 good, 1 uncertain, 2 bad, time, gateway time, since when it is bad. */
export type ImageCell = readonly [
  value: number | null,
  quality: 0 | 1 | 2,
  time: number,
  heard: number,
  badSince: number,
];

/** What an instance of a fault keeps between samples; what is at rest is left out. */
export interface InstanceState {
  /** A delay that runs, and the event time since which the condition has held, or has not. */
  readonly pending?: 'raise' | 'clear';
  readonly since?: number;
  readonly due?: number;
  /** Since when the answer is unknown while a delay runs: this time does not count. */
  readonly unknownSince?: number;
  /** While a delay runs: a point is lost that the condition could hold by. */
  readonly blinded?: boolean;
  /** The condition is false because the equipment is off, not because it is sound. */
  readonly off?: boolean;
  readonly memory?: unknown;
  /** When its newest alarm was first raised; older versions kept up to three times. */
  readonly raised?: readonly number[];
  /** When it was raised or cleared of late: three times in a minute is chattering. */
  readonly changes?: readonly number[];
}

export interface OpenAlarmState {
  readonly alarm: Alarm;
  /** The job has been asked for since it was last raised. */
  readonly ordered: boolean;
  /** When it was last raised again before it was over, and its version then. */
  readonly again?: { readonly at: number; readonly version: number } | undefined;
  /** When its job was asked for, at most the last three times. */
  readonly requested?: readonly number[] | undefined;
  /** When its shelving ends, on the gateway's own clock. */
  readonly shelvedUntil?: number | undefined;
  /** When it asks for attention again, although it was acknowledged. */
  readonly againAt?: number | undefined;
}

/** An alarm that took others with it, such as a lost supply, and is over; times in ms. */
export interface ReturnedState {
  readonly alarm: string;
  readonly fault: string;
  /** When what it tells of began, before any delay. */
  readonly lostAt: number;
  readonly at: number;
}

export interface DetectionState {
  readonly version: 1;
  readonly clock: number;
  /** All steps of the wall clock so far, ms; none unless told. */
  readonly stepped?: number;
  /** When an equipment last sent something usable, by its id. */
  readonly heard: Readonly<Record<string, number>>;
  /** The alarm of an equipment that took others with it and is over, by its id; an older state has none. */
  readonly returned?: Readonly<Record<string, ReturnedState>>;
  /** When machines that declare a time for their start last started, event time. */
  readonly started?: Readonly<Record<string, number>>;
  readonly image: Readonly<Record<string, Readonly<Record<string, ImageCell>>>>;
  readonly instances: Readonly<Record<string, InstanceState>>;
  readonly open: readonly OpenAlarmState[];
  readonly flood: {
    readonly since: number | null;
    readonly raised: readonly number[];
    /** The alarm that came first, while there is a flood; before that the alarms behind `raised`. */
    readonly alarms?: readonly string[];
  };
  readonly commands: readonly CommandOutcome[];
}

/** Whether a fault can run on an equipment with these points and ratings, and if not, why. */
export type Availability =
  | { readonly fault: string; readonly runs: true }
  | { readonly fault: string; readonly runs: false; readonly missing: readonly string[]; readonly reason: LocalText };

// The functions of the package, to be imported from '@plantroom/detection':
//   createDetection(options: DetectionOptions): Detection
//   catalogue(): CatalogueEntry[]        every fault of the library, texts and figures
//   availability(fault: string, equipment: Pick<DetectionEquipment, 'points' | 'ratings'>): Availability
//   availabilityOf(equipment: DetectionEquipment): Availability[]
//   parametersOf(kind): { fault, name, unit, default, minimum, maximum, source }[]
