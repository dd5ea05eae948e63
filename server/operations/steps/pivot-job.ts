import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Step } from '../../../model/kinds/kinds.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { virshCommand } from '../../../model/plans/command.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { ChainStep } from '../../../model/plans/step.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import type { StepMemory, Verdict } from '../verdict.ts';
import { type JobTexts, judgeJob } from './block-job.ts';

/**
 * What to do about a block job that runs until a pivot ends it. Before the pivot it can still be cancelled. Once the pivot was asked
 * for, only what libvirt has decides: while the job is ready, the pivot did not happen.
 */
export function judgePivotJob(
  step: ChainStep,
  texts: JobTexts,
  guest: Guest,
  disk: Disk,
  memory: StepMemory,
): Verdict {
  const verdict = judgeJob(step, texts, guest, disk, memory);
  if (verdict.do !== 'watch' || !disk.job?.ready) return verdict;
  return memory.cancelling && !memory.finishing ? verdict : { do: 'finish' };
}

/** How such a job ends. Where libvirt refuses the pivot, the job is aborted, and the guest continues with its old chain. */
export function pivoting(
  { jobs }: Pick<Ports, 'jobs'>,
  plan: Plan,
  step: ChainStep & Step,
  ref: DiskRef,
): Pick<StepDriver, 'finish' | 'giveUp'> {
  const by = (how: string) =>
    virshCommand(plan, step, ['blockjob', guestOf(plan).name, step.target, `--${how}`]);
  return {
    finish: { command: by('pivot'), run: () => jobs.pivot(ref) },
    giveUp: { command: by('abort'), run: () => jobs.end(ref) },
  };
}
