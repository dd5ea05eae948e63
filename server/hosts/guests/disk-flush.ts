import { open } from 'node:fs/promises';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { BlockResizeFlag } from '../../libvirt/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { lookAt } from '../images/local-image.ts';

const SECTOR = 512;

/**
 * Has QEMU write down what it holds back of a running guest's active image. Answers whether it could be asked: only where the
 * image's size can be read beyond doubt. Throws libvirt's error.
 *
 * A pull that completed has changed the chain in the image's header, while the tables that lead to the copied data may
 * still be in QEMU's memory: until the guest itself flushes, a QEMU that dies takes them with it, and what the guest reads
 * is another. Tried with QEMU 7.2.22: lost 3 times of 3. libvirt has no call for a flush, but a resize to the size that the
 * disk has is one.
 */
export async function flushDisk(fleet: Fleet, ref: DiskRef, active: Image): Promise<boolean> {
  const supervisor = fleet.supervisor(ref.hostId);
  const path = imagePath(active);
  if (!supervisor.host().local || path === null) return false;
  await syncFile(path);
  const { virtualSize, traits } = await lookAt(path, active.format);
  // The least doubt about the size, and a disk might shrink.
  if (virtualSize === null || !traits.known || virtualSize % SECTOR !== 0) return false;
  const { connection, domain } = fleet.domain(ref);
  await connection.call('DOMAIN_BLOCK_RESIZE', {
    domain,
    disk: ref.target,
    size: BigInt(virtualSize),
    flags: BlockResizeFlag.BYTES,
  });
  return true;
}

/** The data itself, so that QEMU's flush, for which the guest waits, has little left to do. Throws what the file system says. */
export async function syncFile(path: string): Promise<void> {
  // A file that this process may not read is written by QEMU's flush alone.
  const file = await open(path, 'r').catch(() => null);
  try {
    await file?.datasync();
  } finally {
    await file?.close();
  }
}
