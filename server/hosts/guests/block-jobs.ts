import { rm } from 'node:fs/promises';
import { folderOf } from '../../../model/fleet/destination.ts';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { reasonOf } from '../../../model/reason.ts';
import {
  BlockCommitFlag,
  BlockCopyFlag,
  BlockJobAbortFlag,
  type Connection,
  isConnectionLost,
  isInvalidArgument,
  isOperationInvalid,
  StorageVolumeDeleteFlag,
} from '../../libvirt/index.ts';
import type { CopyTarget, Jobs } from '../../ports/block-jobs.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { listPools } from '../pools/storage-pools.ts';
import { element, writeXml } from '../xml/xml-builder.ts';
import { imageArgument } from './image-argument.ts';

/**
 * Starts commits and copies of the fleet's guests, and makes the pivot that ends some of them. Bandwidths are bytes per
 * second, 0 for no limit. Every call throws libvirt's error.
 */
export class BlockJobs implements Jobs {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Merges the images from `top` down to above `base` into `base`. */
  async startCommit(ref: DiskRef, top: Image, base: Image, bandwidth: number): Promise<void> {
    await this.#commit(ref, imageArgument(ref.target, top), base, bandwidth, 0);
  }

  /** Merges everything above `base`, and what the guest writes meanwhile, into `base`; a pivot ends it. */
  async startActiveCommit(ref: DiskRef, base: Image, bandwidth: number): Promise<void> {
    await this.#commit(ref, null, base, bandwidth, BlockCommitFlag.ACTIVE);
  }

  /** Copies all that the guest reads, and what it writes meanwhile, into one new file; a pivot ends it. */
  async startCopy(ref: DiskRef, { file, format }: CopyTarget, bandwidth: number): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const source = element('source', { file });
    const disk = element('disk', { type: 'file' }, source, element('driver', { type: format }));
    await connection.call('DOMAIN_BLOCK_COPY', {
      domain,
      path: ref.target,
      destinationXml: writeXml(disk),
      parameters: bandwidth === 0 ? [] : [{ field: 'bandwidth', kind: 'ullong', value: bandwidth }],
      // libvirt refuses a persistent guest without it, since the job would not outlive the guest's QEMU.
      flags: BlockCopyFlag.TRANSIENT_JOB,
    });
  }

  /**
   * Switches the guest over to the job's target, which can't be undone. Resolves when the switch is complete, so it takes a
   * connection of its own.
   */
  async pivot(ref: DiskRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const flags = BlockJobAbortFlag.PIVOT;
    await connection.long('DOMAIN_BLOCK_JOB_ABORT', { domain, path: ref.target, flags });
  }

  /** Ends a job without success; resolves when it is gone. A job that is gone already is no error. */
  async end(ref: DiskRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    try {
      await connection.long('DOMAIN_BLOCK_JOB_ABORT', { domain, path: ref.target, flags: 0 });
    } catch (error) {
      if (!isOperationInvalid(error) && !isInvalidArgument(error)) throw error;
    }
  }

  /** Removes a copy that nothing uses. Throws `COPY_LEFT` or `COPY_OUTSIDE_POOLS`. */
  async removeCopy({ hostId }: DiskRef, file: string): Promise<void> {
    const { connection, local } = this.#fleet.supervisor(hostId).source();
    try {
      if (!local || !(await removedHere(file))) await removeVolume(connection, file);
    } catch (error) {
      if (isConnectionLost(error) || error instanceof ProblemError) throw error;
      const reason = reasonOf(error);
      throw new ProblemError('failed', problem('COPY_LEFT', { path: file, reason }), { cause: error });
    }
  }

  async #commit(
    ref: DiskRef,
    top: string | null,
    base: Image,
    bandwidth: number,
    flags: number,
  ): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    await connection.call('DOMAIN_BLOCK_COMMIT', {
      domain,
      disk: ref.target,
      base: imageArgument(ref.target, base),
      top,
      bandwidth: BigInt(bandwidth),
      flags: flags | BlockCommitFlag.BANDWIDTH_BYTES,
    });
  }
}

/** False where this process may not remove the file. */
async function removedHere(file: string): Promise<boolean> {
  try {
    await rm(file, { force: true });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))
      return false;
    throw error;
  }
}

/** Deletes the file through its storage pool, which has to be refreshed first to know it. */
async function removeVolume(connection: Connection, file: string): Promise<void> {
  const pools = await listPools(connection);
  const name = pools.find(({ path, running }) => running && path === folderOf(file))?.name;
  if (name === undefined) throw new ProblemError('failed', problem('COPY_OUTSIDE_POOLS', { path: file }));
  const pool = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name });
  await connection.call('STORAGE_POOL_REFRESH', { pool, flags: 0 });
  const volume = await connection.call('STORAGE_VOL_LOOKUP_BY_PATH', { path: file });
  await connection.call('STORAGE_VOL_DELETE', { volume, flags: StorageVolumeDeleteFlag.NORMAL });
}
