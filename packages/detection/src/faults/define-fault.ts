import type { KindName, LocalText, PointOf, Priority, Trade } from '@plantroom/model';

/** A figure that a site may set, with its legal range and where the default comes from. */
export interface Parameter {
  readonly unit: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly source: string;
}

/** What a controller's codes mean, by point and code. */
export type CodeTexts = Readonly<Record<string, Readonly<Record<string, LocalText>>>>;

/** One consistent look at the process image: only values that are good or uncertain and not stale. */
export interface View<
  Needed extends string = string,
  Optional extends string = string,
  Rating extends string = string,
  OptionalRating extends string = string,
  Parameters extends string = string,
  Count extends string = string,
  Memory = unknown,
> {
  /** Event time, ms, on a scale that steps of the wall clock leave alone: what is measured or kept is measured by it. */
  readonly now: number;
  /** Event time as the wall clock names it, ms since 1970 UTC; it may jump. */
  readonly wallTime: number;
  /** The phase, device (`2-31`) or group (`loop-2`); empty for the equipment itself. */
  readonly subject: string;
  readonly points: { readonly [P in Needed]: number } & { readonly [P in Optional]: number | undefined };
  readonly ratings: { readonly [R in Rating]: number } & { readonly [R in OptionalRating]: number | undefined };
  readonly parameters: { readonly [P in Parameters]: number };
  readonly counts: { readonly [C in Count]: number };
  readonly codes: CodeTexts;
  readonly memory: Memory;
}

/** A view as the engine hands it over, with no names known. */
export interface AnyView {
  readonly now: number;
  readonly wallTime: number;
  readonly subject: string;
  readonly points: Readonly<Record<string, number | undefined>>;
  readonly ratings: Readonly<Record<string, number | undefined>>;
  readonly parameters: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly codes: CodeTexts;
  readonly memory: unknown;
}

/** On what a fault can stand: each of some names, each point of an indexed template, or each first index of one. */
export type Subjects =
  | { readonly by: 'name'; readonly names: readonly string[] }
  | { readonly by: 'point' | 'group'; readonly template: string };

/** Another fault that explains this one while it is active, so that this one stays quiet. */
export interface Explanation {
  readonly fault: string;
  /** `any` subject of that fault, or the one of the `group` that this subject belongs to. */
  readonly subject: 'any' | 'group';
}

/**
 * What starts a fault: a condition over points, silence of the equipment, or a fact found elsewhere; `reserved`: nothing yet,
 * it only has its place in the catalogue.
 */
export type Trigger = 'condition' | 'silence' | 'external' | 'reserved';

export interface FaultTexts {
  readonly title: LocalText;
  readonly cause: LocalText;
  readonly consequence: LocalText;
  readonly steps: readonly LocalText[];
}

/** A fault of the library as the engine runs it. */
export interface Fault extends FaultTexts {
  readonly id: string;
  readonly kind: KindName;
  readonly trigger: Trigger;
  readonly points: readonly string[];
  readonly optional: readonly string[];
  /** At least one of these optional points must be there; while one that is there is lost, nothing clears. */
  readonly oneOf: readonly string[];
  readonly ratings: readonly string[];
  /** It runs without them, and judges better with them. */
  readonly optionalRatings: readonly string[];
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly counts: Readonly<Record<string, { readonly template: string; readonly value: number }>>;
  readonly subjects: Subjects;
  readonly onDelay: Parameter;
  readonly offDelay: Parameter;
  readonly latching: boolean;
  readonly safety: boolean;
  readonly priority: Priority;
  readonly trade: Trade;
  readonly raisesOrder: boolean;
  /** Minutes within which somebody has to act for it to help (the time to respond of ISA-18.2). */
  readonly respondWithin: number;
  readonly explainedBy: readonly Explanation[];
  /** A start of its machine can explain it: it is suppressed by design while that lasts. */
  readonly settles: boolean;
  /** The supply of what stands below is lost: that explains what goes wrong there. */
  readonly endsSupply: boolean;
  /** That an optional point is lost is what it tells of: it is judged when one goes stale, too. */
  readonly tellsLoss: boolean;
  /** How long an alarm that was acknowledged may stay active before it asks for attention again; 0: for ever. */
  readonly reAlarm: Parameter;
  /** Judged at every sample, as the answer depends on time or on what came before. */
  readonly timed: boolean;
  /** A timed fault that tells trends is judged this many seconds apart, which saves time and memory; 0: at every sample. */
  readonly every: number;
  readonly initialMemory: (() => unknown) | undefined;
  update(view: AnyView): void;
  gate(view: AnyView): boolean;
  condition(view: AnyView): boolean | undefined;
  /** A shorter on-delay in seconds than the parameter's, when the case is clear. */
  hasten(view: AnyView): number | undefined;
  detail(view: AnyView): LocalText;
}

interface Declaration<V, Point extends string, N, O, R, OR, P extends string, C extends string, Memory> {
  readonly id: `${string}.${string}`;
  readonly texts: FaultTexts;
  readonly points?: N;
  readonly optional?: O;
  readonly oneOf?: readonly Point[];
  readonly ratings?: R;
  readonly optionalRatings?: OR;
  readonly parameters?: Readonly<Record<P, Parameter>>;
  readonly counts?: Readonly<Record<C, { readonly template: Point; readonly value: number }>>;
  readonly subjects?: Subjects;
  readonly trigger?: Trigger;
  readonly onDelay?: Parameter;
  readonly offDelay?: Parameter;
  readonly latching?: boolean;
  readonly safety?: boolean;
  readonly priority: Priority;
  readonly trade: Trade;
  readonly raisesOrder: boolean;
  readonly respondWithin?: number;
  readonly explainedBy?: readonly Explanation[];
  readonly settles?: boolean;
  readonly endsSupply?: boolean;
  readonly tellsLoss?: boolean;
  readonly reAlarm?: Parameter;
  readonly timed?: boolean;
  readonly every?: number;
  /** What it keeps between samples, as plain JSON; `update` changes it in place before the condition is judged. */
  readonly memory?: () => Memory;
  update?(view: V): void;
  /** The fault can only be told while this holds, such as a running pump; otherwise the condition counts as false. */
  gate?(view: V): boolean;
  /** `undefined`: cannot be told yet. Neither raises nor clears. */
  condition?(view: V): boolean | undefined;
  hasten?(view: V): number | undefined;
  detail?(view: V): LocalText;
}

const again = (seconds: number): Parameter => {
  const source = 'engineering default, by priority; ISA-18.2 re-alarm timer; 0: never';
  return { unit: 's', default: seconds, minimum: 0, maximum: 604_800, source };
};
/** An emergency that still stands half an hour after somebody has seen it, a high one after four hours. */
const reAlarmOf: Readonly<Record<Priority, Parameter>> = { 1: again(1800), 2: again(14_400), 3: again(0), 4: again(0) };

/** Minutes, by priority, where the fault does not say otherwise: engineering defaults. */
const respondOf: Readonly<Record<Priority, number>> = { 1: 10, 2: 120, 3: 1440, 4: 10_080 };

const noDelay: Parameter = { unit: 's', default: 0, minimum: 0, maximum: 0, source: 'acts at once' };
const never = () => false;

/**
 * Declares a fault. The compiler knows the kind's points: a condition can read only what the declaration names, and a
 * needed point is always a number there, an optional one may be undefined.
 */
export function defineFault<
  K extends KindName,
  const N extends readonly PointOf<K>[] = readonly [],
  const O extends readonly PointOf<K>[] = readonly [],
  const R extends readonly string[] = readonly [],
  const OR extends readonly string[] = readonly [],
  P extends string = never,
  C extends string = never,
  Memory = undefined,
>(
  kind: K,
  declaration: Declaration<
    View<N[number], O[number], R[number], OR[number], P, C, Memory>,
    PointOf<K>,
    N,
    O,
    R,
    OR,
    P,
    C,
    Memory
  >,
): Fault {
  const { texts, memory, ...rest } = declaration;
  return {
    trigger: 'condition',
    points: [],
    optional: [],
    oneOf: [],
    ratings: [],
    optionalRatings: [],
    parameters: {},
    counts: {},
    subjects: { by: 'name', names: [''] },
    onDelay: noDelay,
    offDelay: noDelay,
    latching: false,
    safety: false,
    explainedBy: [],
    settles: false,
    endsSupply: false,
    tellsLoss: false,
    respondWithin: respondOf[declaration.priority],
    reAlarm: reAlarmOf[declaration.priority],
    timed: memory !== undefined,
    every: 0,
    update: () => undefined,
    gate: () => true,
    condition: never,
    hasten: () => undefined,
    detail: () => texts.title,
    ...rest,
    ...texts,
    kind,
    initialMemory: memory,
  };
}

/** A threshold. */
export function limit(unit: string, value: number, range: readonly [number, number], source: string): Parameter {
  return { unit, default: value, minimum: range[0], maximum: range[1], source };
}

/** A delay in seconds. */
export function seconds(value: number, range: readonly [number, number], source: string): Parameter {
  return limit('s', value, range, source);
}

export const engineering = 'engineering default, to be set per site';
