'use client';

import { useQuery } from '@tanstack/react-query';
import type { Guest } from '../../model/guest.ts';
import type { Host } from '../../model/host.ts';
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

export function useGuest(hostId: string, uuid: string): Guest | null {
  return useFleet().guests.find((guest) => guest.uuid === uuid && guest.hostId === hostId) ?? null;
}
