import type { AlarmTransition } from '@plantroom/model';
import { useQueries, useQuery } from '@tanstack/react-query';
import { machineFaultsQuery, openAlarmsQuery } from '../api/queries.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { useSite } from '../layout/site-context.ts';
import { partsOf } from '../util/stage-reasons.ts';
import { useNames } from './use-names.ts';

/**
 * Puts names for the ids in what a stage said: the title of the fault and the machine. A fault's title comes from an open
 * alarm of it, or from what can be found on the machine; until that is known its id stands for it.
 */
export function useWhat(equipment: string, reasons: AlarmTransition['reasons']): (what: string) => string {
  const { t, local } = useTexts();
  const { id: site } = useSite();
  const nameOf = useNames();
  const { data: alarms = [] } = useQuery(openAlarmsQuery(site));
  const machines = [...new Set(reasons.map(({ reason }) => partsOf(reason)?.equipment ?? equipment))];
  const faults = useQueries({ queries: machines.map((id) => machineFaultsQuery(site, id)) });
  const known = [...alarms, ...faults.flatMap(({ data }) => data ?? [])];
  return (what) => {
    const [fault = what, machine] = what.split(' of ');
    const title = known.find((each) => each.fault === fault)?.title;
    // What is no fault is a machine: the one that its whole connection is told at.
    const name = title ? local(title) : nameOf(fault);
    return machine === undefined ? name : t('stage.at', { what: name, machine: nameOf(machine) });
  };
}
