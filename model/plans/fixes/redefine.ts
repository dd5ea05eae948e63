import type { Disk } from '../../fleet/disk.ts';
import { type Guest, isActive } from '../../fleet/guest.ts';
import { type Problem, problem } from '../../problem.ts';
import type { RedefineIntent } from '../intent.ts';
import type { Plan } from '../plan.ts';
import { type FixFacts, fixPlan } from './fix-plan.ts';

export interface RedefineFacts extends FixFacts {
  /** What the definition names for the disk, and what the running guest has; `null` where there is none. */
  readonly defined: string | null;
  readonly live: string | null;
  readonly persistent: boolean;
}

/** The plan that has the next start of a running guest begin with the image that it has now. No image is touched. */
export function planRedefine(guest: Guest, disk: Disk, intent: RedefineIntent, facts: RedefineFacts): Plan {
  const { defined, live } = facts;
  const { target } = disk;
  return fixPlan(guest, disk, facts, {
    intent,
    restsOn: [defined, live],
    steps: [{ kind: 'redefine', hostId: guest.hostId, target, from: defined ?? '', to: live ?? '' }],
    refusals: refusals(guest, disk, facts),
    // Somebody may have put it there for the next start.
    warnings: [problem('DEFINITION_MAY_BE_MEANT', { image: defined ?? '' })],
  });
}

function refusals(
  guest: Guest,
  disk: Disk,
  { defined, live, persistent }: RedefineFacts,
): readonly Problem[] {
  const { target } = disk;
  if (!isActive(guest)) return [problem('REDEFINE_NOT_RUNNING', { guest: guest.name })];
  if (!persistent) return [problem('REDEFINE_TRANSIENT', { guest: guest.name })];
  if (defined === null) return [problem('REDEFINE_NO_DISK', { target })];
  if (live === null) return [problem('DISK_EMPTY', { target })];
  if (defined === live) return [problem('DEFINITION_SAME', { target })];
  return disk.job === null ? [] : [problem('JOB_RUNNING', { target, job: disk.job.kind })];
}
