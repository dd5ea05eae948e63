import type { DiskRef } from '../../model/guest.ts';
import type { Operation } from '../../model/operation.ts';

/** The page of a disk. */
export function diskAddress({ hostId, uuid, target }: DiskRef): string {
  return `/h/${encodeURIComponent(hostId)}/${uuid}/${target}`;
}

/** The page of the disk that an operation is about, or of its guest. */
export function operationAddress({ plan: { guest, disks } }: Operation): string {
  const [disk] = disks;
  return disk === undefined
    ? `/h/${encodeURIComponent(guest.hostId)}/${guest.uuid}`
    : diskAddress({ ...guest, target: disk.target });
}
