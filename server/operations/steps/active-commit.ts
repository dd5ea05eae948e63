import type { Plan } from '../../../model/kinds/plan.ts';
import type { ActiveCommitStep } from '../../../model/plans/commit.ts';
import type { StepDriver } from '../step-driver.ts';
import { type CommitPorts, commitDriver, refOf, refuseShared } from './commit.ts';
import { explained, unlessDenied } from './denial.ts';
import { judgePivotJob, pivoting } from './pivot-job.ts';
import { imageNow } from './pull.ts';

export const ACTIVE_COMMIT = { job: 'active-commit', problems: 'COMMIT' } as const;

/** A commit of the active image and those below it into a lower one, which is the guest's active image afterwards. */
export function activeCommit(ports: CommitPorts, plan: Plan, step: ActiveCommitStep): StepDriver {
  const { freshGuests, jobs } = ports;
  const ref = refOf(plan, step);
  return {
    ...commitDriver(ports, plan, step),
    countsWork: true,
    ...pivoting(ports, plan, step, ref),
    async judge(memory) {
      const { guest, disk } = await freshGuests.disk(ref);
      return explained(judgePivotJob(step, ACTIVE_COMMIT, guest, disk, memory), guest);
    },
    async start(bandwidth) {
      await refuseShared(ports, ref, step);
      const base = await imageNow(freshGuests, ref, step.base);
      await unlessDenied(ports, ref, jobs.startActiveCommit(ref, base, bandwidth));
    },
  };
}
