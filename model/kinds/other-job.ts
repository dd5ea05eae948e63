import type { BlockJob } from '../fleet/block-job.ts';
import type { Guest } from '../fleet/guest.ts';
import { problem } from '../problem.ts';
import { needsTurn } from './claims.ts';
import type { Plan } from './plan.ts';

/** A block job on another disk of a guest. */
export interface OtherJob {
  readonly target: string;
  readonly job: BlockJob['kind'];
}

/**
 * The first job that work on these disks of the guest waits for, so that QEMU works on one disk at a time:
 * docs/adr/0020. A job that is ready does no more work, and may stay for days until an operator ends it.
 */
export function otherJob({ disks }: Guest, targets: readonly string[]): OtherJob | null {
  for (const { target, job } of disks)
    if (job !== null && !job.ready && !targets.includes(target)) return { target, job: job.kind };
  return null;
}

/** The plan with a warning where it has to wait for a job on another disk. */
export function warnedOfJobs(plan: Plan, guest: Guest): Plan {
  const found = needsTurn(plan)
    ? otherJob(
        guest,
        plan.disks.map(({ target }) => target),
      )
    : null;
  if (found === null) return plan;
  return { ...plan, warnings: [...plan.warnings, problem('OTHER_JOB_RUNNING', { ...found })] };
}
