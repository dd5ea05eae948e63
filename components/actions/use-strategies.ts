'use client';

import { useQuery } from '@tanstack/react-query';
import type { Strategy } from '../../model/kinds/strategy.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import { useTRPC, useTRPCClient } from '../live/trpc.ts';
import { dependencyKey } from '../plan/use-plan.ts';
import type { ActionAt } from './action.ts';

/** The strategies that lead to one result, planned again whenever something changes that they depend on. */
export function useStrategies({ host, guest, disk }: ActionAt, goal: Goal, pinned: readonly string[]) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { hostId, uuid } = guest;
  const input = { disk: { hostId, uuid, target: disk.target }, goal, pinned };
  return useQuery<readonly Strategy[]>({
    queryKey: [...trpc.plans.strategies.queryKey(input), dependencyKey(host, guest)],
    queryFn: ({ signal }) => client.plans.strategies.query(input, { signal }),
    enabled: host.state === 'connected',
    gcTime: 0,
  });
}
