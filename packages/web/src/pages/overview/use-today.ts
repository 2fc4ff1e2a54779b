import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { intervalsQuery } from '../../api/queries.ts';
import { useSite } from '../../layout/site-context.ts';
import { useNow } from '../../live/use-now.ts';
import { dayStart } from '../../util/time.ts';

/** Today's intervals of a meter, in the site's day; a new day begins by itself. */
export function useToday(meter: EquipmentView) {
  const site = useSite();
  const now = useNow();
  const from = dayStart(now, site.timezone);
  const to = dayStart(now, site.timezone, 1);
  const query = useQuery({ ...intervalsQuery(site.id, meter.id, { from, to }), refetchInterval: 60_000 });
  return { query, from, to, now };
}
