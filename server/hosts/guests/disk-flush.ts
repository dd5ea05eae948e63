import { open } from 'node:fs/promises';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import { type Image, imagePath } from '../../../model/fleet/image.ts';
import { BlockResizeFlag } from '../../libvirt/index.ts';
import type { DiskFlush as DiskFlushPort } from '../../ports/disk-flush.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readLocalImage } from '../images/local-image.ts';
import { Turns } from '../shell/turns.ts';

const SECTOR = 512;

/** Brings to the disk what QEMU wrote. */
export class DiskFlush implements DiskFlushPort {
  readonly #fleet: Fleet;
  /** One at a time: each blocks one of this process's few threads for as long as the disk takes. */
  readonly #turns = new Turns(1);

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  async writeback({ hostId }: DiskRef, active: Image): Promise<void> {
    const { local } = this.#fleet.supervisor(hostId).host();
    const path = imagePath(active);
    if (local && path !== null) await this.#turns.take(() => syncFile(path));
  }

  /**
   * Has QEMU flush a running guest's active image. Answers whether QEMU could be asked: only where the image's size can be
   * read beyond doubt. Throws the file system's or libvirt's error.
   *
   * A pull that completed has changed the chain in the image's header, while the tables that lead to the copied data may
   * still be in QEMU's memory. Where QEMU dies before the guest itself flushes, the guest then reads other data: lost 3 times
   * of 3 with QEMU 7.2.22, and never with 10.0 and later. libvirt has no call for a flush, but QEMU flushes on a resize to the
   * size that the disk has.
   */
  async flush(ref: DiskRef, active: Image, kind: 'resize' | 'extend'): Promise<boolean> {
    const path = imagePath(active);
    if (!this.#fleet.supervisor(ref.hostId).host().local || path === null) return false;
    await syncFile(path);
    const { virtualSize, traits } = await readLocalImage(path, active.format);
    // With the least doubt about the size the resize might shrink the disk.
    if (virtualSize === null || !traits.known || virtualSize % SECTOR !== 0) return false;
    const { connection, domain } = this.#fleet.domain(ref);
    await connection.call('DOMAIN_BLOCK_RESIZE', {
      domain,
      disk: ref.target,
      size: BigInt(virtualSize),
      flags: BlockResizeFlag.BYTES | (kind === 'extend' ? BlockResizeFlag.EXTEND : 0),
    });
    return true;
  }
}

/** Writes the data itself, so that QEMU's flush, for which the guest waits, has little left to do. */
async function syncFile(path: string): Promise<void> {
  // A file that this process may not read is written by QEMU's flush alone.
  const file = await open(path, 'r').catch(() => null);
  try {
    await file?.datasync();
  } finally {
    await file?.close();
  }
}
