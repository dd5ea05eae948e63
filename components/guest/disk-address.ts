import type { DiskRef } from '../../model/fleet/disk.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { leftoversAddress } from '../leftovers/leftovers-address.ts';

/** The page of a disk. */
export function diskAddress({ hostId, uuid, target }: DiskRef): string {
  return `/h/${encodeURIComponent(hostId)}/${uuid}/${target}`;
}

/** The page of the disk that an operation is about, or of its guest; where it is by now; without one, the leftovers of its host. */
export function operationAddress({ plan, steps }: Operation): string {
  const { disks } = plan;
  if (plan.guest === null) return leftoversAddress(plan.hostId);
  const [disk] = disks;
  const moved = plan.steps.find((step, i) => step.kind === 'migrate' && steps[i]?.state === 'done');
  const guest = moved?.kind === 'migrate' ? { ...plan.guest, hostId: moved.to } : plan.guest;
  return disk === undefined
    ? `/h/${encodeURIComponent(guest.hostId)}/${guest.uuid}`
    : diskAddress({ ...guest, target: disk.target });
}
