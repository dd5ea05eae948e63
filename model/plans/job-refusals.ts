import type { Disk } from '../fleet/disk.ts';
import { type Problem, problem } from '../problem.ts';
import type { PlanFacts } from './plan.ts';

/** Why no block job may write what the guest reads from a disk, whatever images it is about. */
export function jobRefusals(
  disk: Disk,
  { guestRuns, guestName }: Pick<PlanFacts, 'guestRuns' | 'guestName'>,
): readonly Problem[] {
  const { target } = disk;
  const found: Problem[] = [];
  if (!guestRuns) found.push(problem('GUEST_NOT_RUNNING', { guest: guestName }));
  if (disk.readOnly) found.push(problem('READ_ONLY', { target }));
  if (disk.job) found.push(problem('JOB_RUNNING', { target, job: disk.job.kind }));
  if (disk.problem) found.push(disk.problem);
  return found;
}
