import type { BlockJob } from '../../../model/fleet/block-job.ts';
import { type Chain, keys } from '../../../model/fleet/chain.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { ChainStep } from '../../../model/plans/step.ts';
import { fail, type StepMemory, startUnlessOtherJob, type Verdict } from '../verdict.ts';

/** Bytes that a pull or an inactive commit still writes when it is slowed down: what it copies at once. Tried with QEMU 7.2. */
export const CHUNK = 512 * 1024;
/** The same of a copy or an active commit, which is up to 16 requests of 1 MiB. */
export const MIRROR_BUFFER = 16 * 2 ** 20;

/** The names of a kind of block job: its kind for libvirt, and how the codes of its problems begin. */
export interface JobTexts {
  readonly job: BlockJob['kind'];
  /** Such as `PULL`, for `PULL_FAILED` and `PULL_NOT_VERIFIED`. */
  readonly problems: 'PULL' | 'COMMIT' | 'COPY';
}

/**
 * What to do about a block job, from what libvirt has now. Pure, so that a fresh process that finds the operation in the journal
 * decides as the one that started it. Only the chain proves success: a job that is gone may as well have failed.
 */
export function judgeJob(
  step: ChainStep,
  { job, problems }: JobTexts,
  guest: Guest,
  disk: Disk,
  memory: StepMemory,
): Verdict {
  const { intended, seen, cancelling, ending, settled, reason } = memory;
  if (disk.job !== null) {
    if (intended && disk.job.kind === job) return { do: 'watch' };
    return fail('JOB_RUNNING', { target: disk.target, job: disk.job.kind });
  }
  if (isChain(disk.chain, step.after)) return { do: 'done' };
  if (!isActive(guest) && cancelling) return { do: 'cancel' };
  if (!isActive(guest)) return fail(seen ? 'GUEST_STOPPED' : 'GUEST_NOT_RUNNING', { guest: guest.name });
  if (!isChain(disk.chain, step.before)) return fail(intended ? `${problems}_NOT_VERIFIED` : 'CHAIN_CHANGED');
  if (!seen) return cancelling ? { do: 'cancel' } : startUnlessOtherJob(guest, disk.target);
  if (ending === 'cancelled') return cancelling ? { do: 'cancel' } : fail('JOB_ABORTED_ELSEWHERE');
  if (reason !== null) return fail(`${problems}_FAILED`, { reason });
  if (!settled) return { do: 'settle' };
  if (cancelling) return { do: 'cancel' };
  if (ending === 'failed') return fail(`${problems}_FAILED`, { reason: 'none' });
  return ending === 'completed'
    ? fail(`${problems}_NOT_VERIFIED`)
    : fail('JOB_LOST', { target: disk.target });
}

/** Whether the chain consists of just these images, from the active one down. */
export function isChain(chain: Chain | null, expected: readonly string[]): boolean {
  if (chain === null || chain.images.length !== expected.length) return false;
  return keys(chain).every((key, i) => key === expected[i]);
}
