import { virshCommand } from '../../../model/commands.ts';
import type { Disk, DiskRef, Guest } from '../../../model/guest.ts';
import { guestOf, type Plan } from '../../../model/plan.ts';
import type { ChainStep, Step } from '../../../model/step.ts';
import type { Ports } from '../ports.ts';
import type { StepMemory, Verdict } from '../step-driver.ts';
import { type JobWords, judgeJob } from './block-job.ts';

/**
 * What to do about a block job that goes on until a pivot ends it. Before the pivot a cancel still counts; once it was asked
 * for, only what libvirt then has decides: while the job is ready it did not take place.
 */
export function judgePivotJob(
  step: ChainStep,
  words: JobWords,
  guest: Guest,
  disk: Disk,
  memory: StepMemory,
): Verdict {
  const verdict = judgeJob(step, words, guest, disk, memory);
  if (verdict.do !== 'watch' || !disk.job?.ready) return verdict;
  return memory.cancelling && !memory.finishing ? verdict : { do: 'finish' };
}

/** What makes the pivot by hand. */
export function pivotCommand(plan: Plan, step: ChainStep & Step): string {
  return virshCommand(plan, step, ['blockjob', guestOf(plan).name, step.target, '--pivot']);
}

/** A job whose pivot libvirt refuses would stay on the disk for good, so it is ended; the guest then goes on as before. */
export async function pivotOrAbort(
  { jobs, hosts }: Pick<Ports, 'jobs' | 'hosts'>,
  ref: DiskRef,
): Promise<void> {
  try {
    await jobs.pivot(ref);
  } catch (error) {
    if (!hosts.isLost(error)) await jobs.end(ref);
    throw error;
  }
}
