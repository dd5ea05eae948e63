import type { Guest } from '../../model/fleet/guest.ts';
import type { Intent, IntentOf, Step, StepOf } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { planResume } from '../../model/plans/fixes/resume.ts';
import { planForget } from '../../model/plans/forget.ts';
import type { Ports } from '../ports/ports.ts';
import type { CommonFacts } from './planning/common-facts.ts';
import { deleteSnapshotPlan } from './planning/delete-snapshot.ts';
import { endJobPlan } from './planning/fixes/end-job.ts';
import { redefinePlan } from './planning/fixes/redefine.ts';
import { repairLeaksPlan } from './planning/fixes/repair-leaks.ts';
import { rewriteHeaderPlan } from './planning/fixes/rewrite-header.ts';
import { flattenPlan } from './planning/flatten.ts';
import { type GuestPlanner, onDisk } from './planning/guest-planner.ts';
import { mergeDownPlan } from './planning/merge-down.ts';
import { migrationPlan } from './planning/migrate.ts';
import { movePlan } from './planning/move.ts';
import { revertPlan } from './planning/revert.ts';
import { shortenPlan } from './planning/shorten.ts';
import { snapshotPlan } from './planning/snapshot.ts';
import { undoPlan } from './planning/undo.ts';
import type { StepDriver } from './step-driver.ts';
import { activeCommit } from './steps/active-commit.ts';
import { commit } from './steps/commit.ts';
import { copy } from './steps/copy.ts';
import { deleteFile } from './steps/delete.ts';
import { deleteSnapshot } from './steps/delete-snapshot.ts';
import { endJob } from './steps/end-job.ts';
import { forget } from './steps/forget.ts';
import { migrate } from './steps/migrate.ts';
import { overlay } from './steps/overlay.ts';
import { pull } from './steps/pull.ts';
import { redefine } from './steps/redefine.ts';
import { relink } from './steps/relink.ts';
import { repairLeaks } from './steps/repair-leaks.ts';
import { resume } from './steps/resume.ts';
import { revert } from './steps/revert.ts';
import { rewriteHeader } from './steps/rewrite-header.ts';
import { shutOffPull } from './steps/shut-off-pull.ts';
import { snapshot } from './steps/snapshot.ts';
import { stop } from './steps/stop.ts';

const PLANNERS: { readonly [Kind in Intent['kind']]: GuestPlanner<IntentOf<Kind>>['plan'] } = {
  flatten: onDisk(flattenPlan),
  'merge-down': onDisk(mergeDownPlan),
  shorten: onDisk(shortenPlan),
  move: onDisk(movePlan),
  migrate: migrationPlan,
  snapshot: snapshotPlan,
  revert: revertPlan,
  undo: onDisk(undoPlan),
  'delete-snapshot': deleteSnapshotPlan,
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

/**
 * Makes the driver of one kind of step. It is declared as a method: TypeScript compares the parameters of methods both ways,
 * so that the driver found by `step.kind` may be called with a step of the union.
 */
interface DriverOf<S> {
  make(ports: Ports, plan: Plan, step: S): StepDriver;
}

const DRIVERS: { readonly [Kind in Step['kind']]: DriverOf<StepOf<Kind>>['make'] } = {
  pull,
  'shut-off-pull': shutOffPull,
  commit,
  'active-commit': activeCommit,
  copy,
  snapshot,
  forget,
  overlay,
  migrate,
  delete: deleteFile,
  'end-job': endJob,
  redefine,
  'rewrite-header': rewriteHeader,
  'repair-leaks': repairLeaks,
  resume,
  stop,
  revert,
  relink,
  'delete-snapshot': deleteSnapshot,
};

/** What drives a step of the plan. */
export function driverOf(ports: Ports, plan: Plan, step: Step): StepDriver {
  const make: DriverOf<Step>['make'] = DRIVERS[step.kind];
  return make(ports, plan, step);
}
