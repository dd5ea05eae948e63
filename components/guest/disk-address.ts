import type { DiskRef } from '../../model/guest.ts';

/** The page of a disk. */
export function diskAddress({ hostId, uuid, target }: DiskRef): string {
  return `/h/${encodeURIComponent(hostId)}/${uuid}/${target}`;
}
