'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import { fingerprint } from '../../model/fleet/chain.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { useTRPC, useTRPCClient } from '../live/trpc.ts';

/**
 * The plan of an intent, made again whenever something that it depends on changes.
 * Everyone who asks for the same plan shares one request. `null` asks for none, and so does a host that is not connected.
 * While the next one is made, the plan before it stays where it is of the same kind.
 */
export function usePlan(host: Host, guest: Guest, intent: Intent | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { hostId, uuid } = guest;
  const input = { guest: { hostId, uuid }, intent: intent ?? NOTHING };
  return useQuery<Plan>({
    queryKey: [...trpc.plans.preview.queryKey(input), dependencyKey(host, guest)],
    // A retry sends nothing either, once there is nothing to plan any more.
    queryFn: intent === null ? skipToken : ({ signal }) => client.plans.preview.query(input, { signal }),
    enabled: intent !== null && host.state === 'connected',
    // Free space and other guests change without an event to this browser, so a plan is never taken from the cache.
    gcTime: 0,
    placeholderData: (before: Plan | undefined) =>
      before?.guest?.uuid === uuid && before.guest.hostId === hostId && alike(before.intent, intent)
        ? before
        : undefined,
  });
}

export type PlanQuery = ReturnType<typeof usePlan>;

/** Never sent. */
const NOTHING: Intent = { kind: 'forget', names: [] };

/** Whether the plan of one may be shown until that of the other is made: for a longer path it may, for another base it may not. */
function alike(before: Plan['intent'], next: Intent | null): boolean {
  if (next?.kind !== before.kind) return false;
  return !('base' in before && 'base' in next) || before.base === next.base;
}

/** What a plan is made from, as far as this browser knows it. */
export function dependencyKey(host: Host, guest: Guest): string {
  const disks = guest.disks.map(({ target, chain, job, problem }) => [
    target,
    chain === null ? null : fingerprint(chain),
    job?.kind ?? null,
    problem,
  ]);
  return JSON.stringify([
    host.state,
    guest.state,
    disks,
    guest.records.map(({ name }) => name),
    guest.reverts?.current,
  ]);
}
