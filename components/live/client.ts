import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/router.ts';
import { eventSource } from './shared-event-source.ts';

const URL = '/api/trpc';

export function createApiClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: URL, transformer: superjson, EventSource: eventSource() }),
        false: httpBatchLink({ url: URL, transformer: superjson }),
      }),
    ],
  });
}

/**
 * Nothing gets old by time: the stream says what changed. A failed query is shown, not tried again in silence.
 *
 * @param failed is called for every call that failed, beside the caller
 */
export function createCache(failed: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: failed }),
    mutationCache: new MutationCache({ onError: failed }),
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, retry: false },
      mutations: { retry: false },
    },
  });
}
