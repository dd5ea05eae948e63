import type { BlockJob } from '../../../model/fleet/block-job.ts';
import {
  BlockJobInfoFlag,
  BlockJobType,
  type Connection,
  type DomainRef,
  isInvalidArgument,
  isOperationInvalid,
} from '../../libvirt/index.ts';

const JOBS = new Map<number, BlockJob['kind']>([
  [BlockJobType.PULL, 'pull'],
  [BlockJobType.COPY, 'copy'],
  [BlockJobType.COMMIT, 'commit'],
  [BlockJobType.ACTIVE_COMMIT, 'active-commit'],
]);

/** The block job on a disk; `null` where there is none, or the guest does not run. Throws libvirt's error. */
export async function blockJobOf(
  connection: Connection,
  domain: DomainRef,
  target: string,
): Promise<BlockJob | null> {
  const flags = BlockJobInfoFlag.BANDWIDTH_BYTES;
  const job = await connection
    .call('DOMAIN_GET_BLOCK_JOB_INFO', { domain, path: target, flags })
    .catch((error: unknown) => {
      // The guest stopped or lost the disk since it was read; that event loads it again.
      if (isOperationInvalid(error) || isInvalidArgument(error)) return null;
      throw error;
    });
  if (!job?.found) return null;
  const kind = JOBS.get(job.type) ?? 'unknown';
  return {
    kind,
    bandwidth: Number(job.bandwidth),
    cur: Number(job.cur),
    end: Number(job.end),
    // libvirt keeps the two different until QEMU is ready.
    ready: (kind === 'copy' || kind === 'active-commit') && job.end > 0n && job.cur === job.end,
  };
}
