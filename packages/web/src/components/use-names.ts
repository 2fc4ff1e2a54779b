import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { equipmentQuery } from '../api/queries.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { useSite } from '../layout/site-context.ts';

/** Names of machines by id, in the language of the screen; an id that is not known stands for itself. */
export function useNames(): (id: string) => string {
  const { local } = useTexts();
  const { id: site } = useSite();
  const { data } = useQuery(equipmentQuery(site));
  return useMemo(() => {
    const names = new Map(data?.map((machine) => [machine.id, local(machine.name)]));
    return (id) => names.get(id) ?? id;
  }, [data, local]);
}
