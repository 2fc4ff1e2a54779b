import { useQuery } from '@tanstack/react-query';
import { equipmentQuery, openAlarmsQuery } from '../../api/queries.ts';
import { useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { type Fire, firesNow } from '../../util/fire.ts';

/** What burns in the building now; it does not wait for all of the page to be known. */
export function useFires(): Fire[] {
  const { id } = useSite();
  const latest = useLatestState();
  const now = useNow();
  const { data: equipment = [] } = useQuery(equipmentQuery(id));
  const { data: alarms = [] } = useQuery(openAlarmsQuery(id));
  return firesNow({ panels: equipment.filter(({ kind }) => kind === 'fire-panel'), latest, alarms, now });
}
