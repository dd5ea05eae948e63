import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import type { Image } from '../../../model/fleet/image.ts';
import {
  BlockJobAbortFlag,
  BlockJobSetSpeedFlag,
  BlockPullFlag,
  BlockRebaseFlag,
  isInvalidArgument,
  isOperationInvalid,
} from '../../libvirt/index.ts';
import type { DiskJobs as DiskJobsPort } from '../../ports/disk-jobs.ts';
import type { ImageSpace } from '../../ports/image-space.ts';
import { blockJobOf } from '../fleet/block-job.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { imageArgument } from './image-argument.ts';

/** Starts pulls, and watches, limits and aborts any block job. Every call throws libvirt's error. */
export class DiskJobs implements DiskJobsPort {
  readonly #fleet: Fleet;
  readonly #space: Pick<ImageSpace, 'allocatedBy'>;

  constructor(fleet: Fleet, space: Pick<ImageSpace, 'allocatedBy'>) {
    this.#fleet = fleet;
    this.#space = space;
  }

  /** Starts a pull into the active image. @param bandwidth bytes per second, 0 for no limit */
  async startPull(ref: DiskRef, base: Image | null, bandwidth: number): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const common = { domain, path: ref.target, bandwidth: BigInt(bandwidth) };
    if (base === null) {
      await connection.call('DOMAIN_BLOCK_PULL', { ...common, flags: BlockPullFlag.BANDWIDTH_BYTES });
      return;
    }
    const flags = BlockRebaseFlag.BANDWIDTH_BYTES;
    await connection.call('DOMAIN_BLOCK_REBASE', { ...common, base: imageArgument(ref.target, base), flags });
  }

  /** Asks QEMU to end the job; the job's end comes as an event. A job that is already gone is no error. */
  async abortJob(ref: DiskRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const flags = BlockJobAbortFlag.ASYNC;
    try {
      await connection.call('DOMAIN_BLOCK_JOB_ABORT', { domain, path: ref.target, flags });
    } catch (error) {
      if (!isOperationInvalid(error) && !isInvalidArgument(error)) throw error;
    }
  }

  /** @param bandwidth bytes per second, 0 for no limit */
  async setSpeed(ref: DiskRef, bandwidth: number): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    await connection.call('DOMAIN_BLOCK_JOB_SET_SPEED', {
      domain,
      path: ref.target,
      bandwidth: BigInt(bandwidth),
      flags: BlockJobSetSpeedFlag.BANDWIDTH_BYTES,
    });
  }

  async sample(ref: DiskRef, written: Image): Promise<{ job: Disk['job']; allocated: number | null }> {
    const { connection, domain } = this.#fleet.domain(ref);
    const [job, allocated] = await Promise.all([
      blockJobOf(connection, domain, ref.target),
      this.#space.allocatedBy(ref, written),
    ]);
    return { job, allocated };
  }
}
