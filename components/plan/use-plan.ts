'use client';

import { useQuery } from '@tanstack/react-query';
import { fingerprint } from '../../model/chain.ts';
import type { Disk, DiskRef, Guest } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
import type { Plan } from '../../model/plan.ts';
import { useTRPC, useTRPCClient } from '../live/trpc.ts';

/**
 * The plan of a flatten toward `base`, made anew whenever something that it rests on changes.
 * Everyone who asks for the same plan shares one request. `undefined` asks for none,
 * and so does a host that is not connected.
 */
export function usePlan(host: Host, guest: Guest, disk: Disk, base: string | null | undefined) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const ref = { hostId: guest.hostId, uuid: guest.uuid };
  const intent = {
    kind: 'flatten',
    target: disk.target,
    base: base ?? null,
    snapshotFirst: null,
    forgetAfter: false,
  } as const;
  const input = { guest: ref, intent };
  return useQuery<Plan>({
    queryKey: [...trpc.plans.preview.queryKey(input), restsOn(host, guest, disk)],
    queryFn: ({ signal }) => client.plans.preview.query(input, { signal }),
    enabled: base !== undefined && disk.chain !== null && host.state === 'connected',
    // Room and other guests change without a word to this browser, so a plan is never taken from an earlier look.
    gcTime: 0,
    placeholderData: (before: Plan | undefined) =>
      before && isFor(before, { ...ref, target: disk.target }, base) ? before : undefined,
  });
}

function isFor(plan: Plan, ref: DiskRef, base: string | null | undefined): boolean {
  return (
    plan.guest.uuid === ref.uuid &&
    plan.guest.hostId === ref.hostId &&
    plan.intent.kind === 'flatten' &&
    plan.intent.target === ref.target &&
    plan.intent.base === base
  );
}

function restsOn(host: Host, guest: Guest, disk: Disk): string {
  const records = guest.records.map(({ name }) => name);
  const chain = disk.chain === null ? null : fingerprint(disk.chain);
  return JSON.stringify([host.state, chain, guest.state, disk.job?.kind ?? null, disk.problem, records]);
}
