import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { RepairLeaksStep } from '../../../model/plans/fixes/repair-leaks.ts';
import { hiddenWrites } from '../../../model/plans/kept-snapshots.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';
import { type OfflinePorts, refuseUsed } from './offline.ts';

/** Gives back the leaked clusters of an image that no QEMU has open. */
export function repairLeaks(ports: OfflinePorts, plan: Plan, step: RepairLeaksStep): StepDriver {
  const { hostId, target, image } = step;
  const ref: DiskRef = { hostId, uuid: guestOf(plan).uuid, target };
  return {
    refusedAs: 'REPAIR_REFUSED',
    judge: async (memory) => judgeRepair(step, await ports.headers.check(image), memory),
    async start() {
      await refuseUsed(ports, ref, image);
      const hidden = hiddenWrites(await ports.freshGuests.guest(ref), plan.kept);
      if (hidden !== null) throw new ProblemError('refused', hidden);
      await ports.headers.repairLeaks(image);
    },
  };
}

/** What to do about the leaks, from what a check finds now. */
export function judgeRepair(
  { image }: RepairLeaksStep,
  check: { readonly leaks: number; readonly errors: number } | null,
  { seen, cancelling }: StepMemory,
): Verdict {
  if (check === null) return fail('IMAGE_NOT_CHECKED', { image });
  if (check.errors > 0) return fail('IMAGE_HAS_ERRORS', { image, count: check.errors });
  if (check.leaks === 0) return { do: 'done' };
  if (seen) return fail('REPAIR_NOT_VERIFIED', { image });
  return { do: cancelling ? 'cancel' : 'start' };
}
