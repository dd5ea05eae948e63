import type { DiskRef } from '../../../model/fleet/disk.ts';
import { imagePath } from '../../../model/fleet/image.ts';
import { offlineRefusals } from '../../../model/plans/fixes/offline-refusals.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';

export type OfflinePorts = Pick<Ports, 'freshGuests' | 'dependents' | 'headers'>;

/** Checks again, right before an image is written, that its guest is shut off and that nobody else uses it. Throws the refusal. */
export async function refuseUsed(ports: OfflinePorts, ref: DiskRef, path: string): Promise<void> {
  const { guest, disk } = await ports.freshGuests.disk(ref);
  const image = disk.chain?.images.find((one) => imagePath(one) === path);
  const dependents = await ports.dependents.of(ref, image === undefined ? [] : [image]);
  const [refusal] = offlineRefusals(guest, image, { local: ports.headers.isLocal(ref), dependents });
  if (refusal !== undefined) throw new ProblemError('refused', refusal);
}
