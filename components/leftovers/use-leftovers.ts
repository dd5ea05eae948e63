'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '../live/trpc.ts';
import { useUnfinishedOperations } from '../live/use-operations.ts';

/** The leftovers of a host. Searched once, and again on demand and when an operation has begun or ended. */
export function useLeftovers(hostId: string | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const underWay = useUnfinishedOperations().map(({ id }) => id);
  const input = { hostId: hostId ?? '' };
  return useQuery({
    queryKey: [...trpc.leftovers.find.queryKey(input), underWay],
    queryFn: ({ signal }) => client.leftovers.find.query(input, { signal }),
    enabled: hostId !== null,
    placeholderData: (before) => (before?.hostId === hostId ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
