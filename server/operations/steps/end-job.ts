import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { EndJobStep } from '../../../model/plans/fixes/end-job.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, startUnlessOtherJob, type Verdict } from '../verdict.ts';
import { isChain } from './block-job.ts';

/** Ends a block job that nobody here started. A pivot that libvirt refuses leaves the job as it is. */
export function endJob(
  { freshGuests, jobs }: Pick<Ports, 'freshGuests' | 'jobs'>,
  plan: Plan,
  step: EndJobStep,
): StepDriver {
  const ref: DiskRef = { hostId: step.hostId, uuid: guestOf(plan).uuid, target: step.target };
  return {
    refusedAs: 'END_JOB_REFUSED',
    async judge(memory) {
      const { guest, disk } = await freshGuests.disk(ref);
      return judgeEndJob(step, guest, disk, memory);
    },
    start: () => (step.how === 'pivot' ? jobs.pivot(ref) : jobs.end(ref)),
  };
}

/** What to do about the job, from what libvirt has now. The step is done when the job ended as planned, whoever ended it. */
export function judgeEndJob(
  { target, how, job, before, after }: EndJobStep,
  guest: Guest,
  disk: Disk,
  { intended, seen, cancelling, settled }: StepMemory,
): Verdict {
  if (disk.job !== null) {
    if (disk.job.kind !== job) return fail('JOB_RUNNING', { target, job: disk.job.kind });
    if (seen) return settled ? fail('END_JOB_NOT_VERIFIED', { target }) : { do: 'settle' };
    if (cancelling) return { do: 'cancel' };
    if (how === 'abort') return { do: 'start' };
    return disk.job.ready ? startUnlessOtherJob(guest, target) : fail('JOB_NOT_READY', { target });
  }
  if (isChain(disk.chain, after)) return { do: 'done' };
  // The chain was read a moment before the job.
  if (isChain(disk.chain, before) && intended && !settled) return { do: 'settle' };
  return fail('JOB_ENDED_OTHERWISE', { target });
}
