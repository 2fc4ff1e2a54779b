import { type CatalogueEntry, type KindName, plateRatings } from '@plantroom/model';
import { allParameters, needsOf } from './availability.ts';
import type { Fault, Parameter } from './faults/define-fault.ts';
import { allFaults, library } from './faults/index.ts';

/** A fault that a site declares, for all machines of its kind or for these. */
export interface RuleOfSite {
  readonly fault: Fault;
  readonly equipment?: readonly string[] | undefined;
}

/** Every fault of the library and of a site's rules as cloud and web know it. Travels with the model revision. */
export function catalogue(rules: readonly RuleOfSite[] = []): CatalogueEntry[] {
  const own = rules.map(({ fault, equipment }) => ({
    ...entryOf(fault),
    ...(equipment && { equipment: [...equipment] }),
  }));
  return [...allFaults.map(entryOf), ...own];
}

function entryOf(fault: Fault): CatalogueEntry {
  return {
    fault: fault.id,
    kind: fault.kind,
    priority: fault.priority,
    trade: fault.trade,
    raisesOrder: fault.raisesOrder,
    ...(fault.safety && { safety: true }),
    respondWithin: fault.respondWithin,
    needs: needsOf(fault),
    ...(fault.trigger === 'reserved' && { reserved: true }),
    title: fault.title,
    cause: fault.cause,
    consequence: fault.consequence,
    steps: [...fault.steps],
  };
}

export interface FaultParameter extends Parameter {
  readonly fault: string;
  readonly name: string;
}

/** What a site may set for the faults of a kind; a parameter with no range of its own is left out. */
export function parametersOf(kind: KindName, rules: readonly Fault[] = []): FaultParameter[] {
  return [...library[kind], ...rules.filter((rule) => rule.kind === kind)].flatMap((fault) =>
    Object.entries(allParameters(fault))
      .filter(([, parameter]) => parameter.maximum > parameter.minimum)
      .map(([name, parameter]) => ({ fault: fault.id, name, ...parameter })),
  );
}

/** The ratings that equipment of a kind may have: what its faults and the site's rules read, and what its name plate says. */
export function ratingsOf(kind: KindName, rules: readonly Fault[] = []): string[] {
  const faults = [...library[kind], ...rules.filter((rule) => rule.kind === kind)];
  return [...new Set([...faults.flatMap((f) => [...f.ratings, ...f.optionalRatings]), ...plateRatings[kind]])];
}

/** Ratings that faults ask for, with their units. */
export const ratingUnits: Readonly<Record<string, string>> = {
  ratedFlow: 'm3/h',
  ratedPower: 'kW',
  ratedCurrent: 'A',
  ratedVoltage: 'V',
  ratedSpeed: 'm/s',
  contractDemand: 'kW',
  ratedHead: 'm',
  shutOffHead: 'm',
  npshRequired: 'm',
  churnPressure: 'MPa',
  jockeyStarts: '/d',
  topHeight: 'm',
  bottomHeight: 'm',
  fillStop: '%',
  volume: 'm3',
  ratedApparentPower: 'kVA',
  startUpTime: 's',
};
