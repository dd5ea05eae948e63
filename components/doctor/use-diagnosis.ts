'use client';

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Finding } from '../../model/doctor/finding.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import { useTRPC, useTRPCClient } from '../live/trpc.ts';
import { useUnfinishedOperations } from '../live/use-operations.ts';

/** What is wrong now. Examined once, and again on demand and when an operation has begun or ended. */
export function useDiagnosis(uuid: string | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const underWay = useUnfinishedOperations().map(({ id }) => id);
  return useQuery({
    queryKey: [...trpc.doctor.examine.queryKey({ uuid }), underWay],
    queryFn: ({ signal }) => client.doctor.examine.query({ uuid }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export interface Checked {
  readonly images: number;
  readonly findings: readonly Finding[];
}

/** Checks of disks' images, each with its last answer, by `host uuid target`. */
export function useChecks() {
  const [checked, setChecked] = useState<ReadonlyMap<string, Checked>>(new Map());
  const client = useTRPCClient();
  const check = useMutation({
    mutationFn: (disk: DiskRef) => client.doctor.check.mutate(disk),
    onSuccess: (found, disk) => setChecked((before) => new Map(before).set(diskKey(disk), found)),
  });
  return { checked, check };
}

export function diskKey({ hostId, uuid, target }: DiskRef): string {
  return `${hostId} ${uuid} ${target}`;
}
