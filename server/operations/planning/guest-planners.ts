import type { Disk } from '../../../model/fleet/disk.ts';
import { diskOf, type Guest } from '../../../model/fleet/guest.ts';
import type { Intent, IntentOf } from '../../../model/kinds/kinds.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { planResume } from '../../../model/plans/fixes/resume.ts';
import { planForget } from '../../../model/plans/forget.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';
import { endJobPlan } from './fixes/end-job.ts';
import { redefinePlan } from './fixes/redefine.ts';
import { repairLeaksPlan } from './fixes/repair-leaks.ts';
import { rewriteHeaderPlan } from './fixes/rewrite-header.ts';
import { flattenPlan } from './flatten.ts';
import { mergeDownPlan } from './merge-down.ts';
import { migrationPlan } from './migrate.ts';
import { movePlan } from './move.ts';
import { shortenPlan } from './shorten.ts';
import { snapshotPlan } from './snapshot.ts';

/** Reads what one kind of intent needs to know, and plans. Methods, so that the planner of an intent is found by its kind. */
interface GuestPlanner<I> {
  plan(ports: Ports, guest: Guest, intent: I, facts: CommonFacts): Plan | Promise<Plan>;
}

interface DiskPlanner<I> {
  plan(ports: Ports, guest: Guest, disk: Disk, intent: I, facts: CommonFacts): Plan | Promise<Plan>;
}

const PLANNERS: { readonly [Kind in Intent['kind']]: GuestPlanner<IntentOf<Kind>>['plan'] } = {
  flatten: onDisk(flattenPlan),
  'merge-down': onDisk(mergeDownPlan),
  shorten: onDisk(shortenPlan),
  move: onDisk(movePlan),
  migrate: migrationPlan,
  snapshot: snapshotPlan,
  forget: (_ports, guest, intent, facts) => planForget(guest, intent, facts),
  'end-job': onDisk(endJobPlan),
  redefine: onDisk(redefinePlan),
  'rewrite-header': onDisk(rewriteHeaderPlan),
  'repair-leaks': onDisk(repairLeaksPlan),
  resume: (_ports, guest, intent, facts) => planResume(guest, intent, facts),
};

/** The plan of an intent about a guest, from what the host has now. Throws a `ProblemError` where there is no such disk or base. */
export async function planFor(ports: Ports, guest: Guest, intent: Intent, facts: CommonFacts): Promise<Plan> {
  const plan: GuestPlanner<Intent>['plan'] = PLANNERS[intent.kind];
  return plan(ports, guest, intent, facts);
}

function onDisk<I extends { readonly target: string }>(
  plan: DiskPlanner<I>['plan'],
): GuestPlanner<I>['plan'] {
  return (ports, guest, intent, facts) => plan(ports, guest, diskNamed(guest, intent.target), intent, facts);
}

/** Throws `DISK_UNKNOWN`. */
export function diskNamed(guest: Guest, target: string): Disk {
  const disk = diskOf(guest, target);
  if (disk !== null) return disk;
  throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target, guest: guest.name }));
}
