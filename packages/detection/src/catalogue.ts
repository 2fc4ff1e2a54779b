import type { CatalogueEntry, KindName } from '@plantroom/model';
import { allParameters, needsOf } from './availability.ts';
import type { Parameter } from './faults/define-fault.ts';
import { allFaults, library } from './faults/index.ts';

/** Every fault of the library as cloud and web know it. Travels with the model revision. */
export function catalogue(): CatalogueEntry[] {
  return allFaults.map((fault) => ({
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
  }));
}

export interface FaultParameter extends Parameter {
  readonly fault: string;
  readonly name: string;
}

/** What a site may set for the faults of a kind; a parameter with no range of its own is left out. */
export function parametersOf(kind: KindName): FaultParameter[] {
  return library[kind].flatMap((fault) =>
    Object.entries(allParameters(fault))
      .filter(([, parameter]) => parameter.maximum > parameter.minimum)
      .map(([name, parameter]) => ({ fault: fault.id, name, ...parameter })),
  );
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
};
