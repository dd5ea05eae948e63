import type { DiskRef } from '../fleet/disk.ts';
import { diskPlan } from '../plans/plan.ts';
import { intentKindOf, stepKindOf } from './kinds.ts';
import type { Plan } from './plan.ts';
import { isBlockJob } from './step-work.ts';

/** Whether an operation that follows the plan keeps others from the disk. */
export function claims(plan: Plan, { hostId, uuid, target }: DiskRef): boolean {
  return (
    plan.guest?.uuid === uuid &&
    hostsOf(plan).has(hostId) &&
    (plan.wholeGuest || diskPlan(plan, target) !== null)
  );
}

/** Whether operations that follow these plans would get into each other's way. */
export function collide(a: Plan, b: Plan): boolean {
  if (a.guest === null || b.guest === null) return [...filesOf(a)].some((file) => filesOf(b).has(file));
  if (intentKindOf(a.intent).isIndependent || intentKindOf(b.intent).isIndependent) return false;
  if (!shareGuest(a, b)) return false;
  if (a.wholeGuest || b.wholeGuest) return true;
  return a.disks.some(({ target }) => diskPlan(b, target) !== null);
}

/** Whether both are of one guest, so that its QEMU would work for both. */
export function shareGuest(a: Plan, b: Plan): boolean {
  if (a.guest === null || a.guest.uuid !== b.guest?.uuid) return false;
  return [...hostsOf(a)].some((hostId) => hostsOf(b).has(hostId));
}

/** Ids of the hosts that the plan is about. */
export function hostsOf({ hostId, steps }: Plan): ReadonlySet<string> {
  const others = steps.flatMap((step) => [step.hostId, stepKindOf(step).otherHost?.(step) ?? step.hostId]);
  return new Set([hostId, ...others]);
}

/** Keys of all images of the plan, and paths of the files that it makes or deletes. */
export function filesOf({ disks, steps }: Plan): ReadonlySet<string> {
  const chains = disks.flatMap(({ now, after }) => [...now.images, ...after.images]);
  const files = steps.flatMap((step) => stepKindOf(step).files?.(step) ?? []);
  return new Set([...chains.map(({ key }) => key), ...files]);
}

/** Whether QEMU moves data for it. A host runs a limited number of such operations at a time. */
export function needsPlace({ steps }: Plan): boolean {
  return steps.some(isBlockJob);
}

/**
 * Whether a guest's QEMU changes a chain for it: by a block job of its own, or by the pivot of a job that runs already. A
 * guest takes one such operation at a time.
 */
export function needsTurn(plan: Plan): boolean {
  return needsPlace(plan) || plan.steps.some((step) => stepKindOf(step).pivots?.(step));
}
