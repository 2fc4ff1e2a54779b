import { identifierPattern } from '../identifier-pattern.ts';

export const lanes = ['events', 'telemetry'] as const;
export type Lane = (typeof lanes)[number];

/** What names an entry of the outbox for ever: `(gateway, epoch, lane, sequence)`. */
export interface FrameHeader {
  readonly site: string;
  readonly gateway: string;
  /** New whenever the log is new, so that a wiped disk cannot collide with its past; 8 to 64 characters. */
  readonly epoch: string;
  readonly lane: Lane;
  /** Counts from 1 without a hole, each lane on its own. */
  readonly sequence: number;
  /** The model revision that decodes the frame; 8 to 64 characters. */
  readonly revision: string;
}

const isIdentifier = (value: unknown) => typeof value === 'string' && identifierPattern.test(value);
const isName = (value: unknown) => typeof value === 'string' && value.length >= 8 && value.length <= 64;

/** By hand and not as a schema, because the log's thread reads headers and does without the schemas' megabytes. */
const rules: Readonly<Record<keyof FrameHeader, (value: unknown) => boolean>> = {
  site: isIdentifier,
  gateway: isIdentifier,
  epoch: isName,
  lane: (value) => lanes.some((lane) => lane === value),
  sequence: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  revision: isName,
};
const fields = Object.keys(rules) as (keyof FrameHeader)[];

/** The first field that does not fit; undefined for a header, which may have more fields by a newer version. */
export function headerFault(candidate: Readonly<Record<string, unknown>>): keyof FrameHeader | undefined {
  return fields.find((field) => !rules[field](candidate[field]));
}

/** The header in what was read, without what is not known here; undefined when it does not fit. */
export function headerIn(candidate: unknown): FrameHeader | undefined {
  if (typeof candidate !== 'object' || candidate === null) return undefined;
  const all = { ...candidate };
  if (headerFault(all)) return undefined;
  const { site, gateway, epoch, lane, sequence, revision } = all as FrameHeader;
  return { site, gateway, epoch, lane, sequence, revision };
}
