import { NO_DEPENDENTS } from '../../../../model/fleet/dependents.ts';
import type { Disk, DiskRef } from '../../../../model/fleet/disk.ts';
import type { Image } from '../../../../model/fleet/image.ts';
import type { OfflineFacts } from '../../../../model/plans/fixes/offline-refusals.ts';
import type { Ports } from '../../../ports/ports.ts';

/** Whether this machine has the image, and what depends on it: what has to be known before it is written with no QEMU at it. */
export async function offlineFacts(
  { headers, dependents }: Pick<Ports, 'headers' | 'dependents'>,
  ref: DiskRef,
  image: Image | null,
): Promise<OfflineFacts> {
  const local = headers.isLocal(ref);
  const asks = local && image !== null;
  return { local, dependents: asks ? await dependents.of(ref, [image]) : NO_DEPENDENTS };
}

export function imageIn({ chain }: Disk, key: string): Image | null {
  return chain?.images.find((image) => image.key === key) ?? null;
}
