import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { sessionQuery } from '../api/queries.ts';

/** What a person is called: oneself by name; of others, and of what people typed, the service tells no more than it gave. */
export function usePeople(): (id: string) => string {
  const { data: session } = useQuery(sessionQuery);
  const user = session?.user;
  return useCallback((id) => (id === user?.id ? user.name : id), [user]);
}
