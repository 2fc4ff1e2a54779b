import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isWorthRetrying } from './errors.ts';

/** The cache of all answers; `onSignedOut` runs when the service no longer knows the session. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const check = (error: Error) => {
    if (error instanceof ApiError && error.code === 'not-signed-in') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: check }),
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        retry: (count, error) => count < 3 && isWorthRetrying(error),
        retryDelay: (count) => Math.min(1_000 * 2 ** count, 8_000),
        // A network that is down for the browser may still reach a service on the same machine.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always', onError: check },
    },
  });
}
