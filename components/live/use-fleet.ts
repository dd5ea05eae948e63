'use client';

import { useQuery } from '@tanstack/react-query';
import { type Guest, isActive } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { FleetList } from './fleet-list.ts';
import { useTRPC } from './trpc.ts';

const EMPTY: FleetList = { revision: '', hosts: [], guests: [] };

/** All hosts and guests as they are now. */
export function useFleet(): FleetList {
  return useQuery(useTRPC().guests.list.queryOptions()).data ?? EMPTY;
}

export function useHost(hostId: string): Host | null {
  return useFleet().hosts.find((host) => host.id === hostId) ?? null;
}

/** The guest of this UUID on another host, as after a migration; `null` where there is none. */
export function useElsewhere(hostId: string, uuid: string): { guest: Guest; host: Host } | null {
  const { guests, hosts } = useFleet();
  const guest = guests.find((one) => one.uuid === uuid && one.hostId !== hostId && isActive(one));
  const host = hosts.find(({ id }) => id === guest?.hostId);
  return guest === undefined || host === undefined ? null : { guest, host };
}

export function useGuest(hostId: string, uuid: string): Guest | null {
  return useFleet().guests.find((guest) => guest.uuid === uuid && guest.hostId === hostId) ?? null;
}
