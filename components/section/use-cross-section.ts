'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type CrossSection, MOST_BUCKETS } from '../../model/content/cross-section.ts';
import type { Chain } from '../../model/fleet/chain.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { useTRPC, useTRPCClient } from '../live/trpc.ts';

/**
 * What the guest reads of a disk, summed up again whenever the stream reports another chain, of an image that grew, or
 * progress of an operation on the disk. Until then the previous section stays. @param operation the newest on the disk
 */
export function useCrossSection(guest: Guest, disk: Disk, chain: Chain, operation: Operation | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { hostId, uuid } = guest;
  const input = { disk: { hostId, uuid, target: disk.target }, buckets: MOST_BUCKETS };
  const seen = JSON.stringify([
    chain.images.map(({ key, format, virtualSize, allocated }) => [key, format, virtualSize, allocated]),
    [disk.job?.kind, operation?.id, operation?.state],
  ]);
  return useQuery<CrossSection | null>({
    queryKey: [...trpc.chains.section.queryKey(input), seen],
    queryFn: ({ signal }) => client.chains.section.query(input, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}
