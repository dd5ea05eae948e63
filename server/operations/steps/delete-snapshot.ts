import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { DeleteSnapshotStep } from '../../../model/plans/delete-snapshot/delete-snapshot-step.ts';
import { deletionOf, isProblem } from '../../../model/plans/delete-snapshot/snapshot-deletion.ts';
import { hiddenWrites } from '../../../model/plans/kept-snapshots.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';
import { unlessDenied } from './denial.ts';

/** Has libvirt delete a snapshot. The step is done when the record is gone: libvirt removes it last. */
export function deleteSnapshot(
  { freshGuests, snapshots, hosts }: Pick<Ports, 'freshGuests' | 'snapshots' | 'hosts'>,
  plan: Plan,
  step: DeleteSnapshotStep,
): StepDriver {
  const { hostId, name } = step;
  const ref: GuestRef = { hostId, uuid: guestOf(plan).uuid };
  return {
    refusedAs: 'DELETE_SNAPSHOT_REFUSED',
    judge: async (memory) => judgeDeletion(step, await freshGuests.guest(ref), memory),
    async start() {
      // Since the plan was made, another snapshot may have been taken or reverted to.
      const guest = await freshGuests.guest(ref);
      const found = deletionOf(guest, name);
      const refusal = isProblem(found) ? found : hiddenWrites(guest, plan.kept);
      if (refusal !== null) throw new ProblemError('refused', refusal);
      try {
        await unlessDenied({ freshGuests, hosts }, ref, snapshots.remove(ref, name));
      } catch (error) {
        // The call of a process that died may have done it meanwhile.
        if (hosts.isLost(error) || isThere(step, await freshGuests.guest(ref))) throw error;
      }
    },
  };
}

/**
 * What to do about the deletion, from what libvirt has now. libvirt goes on when the process that asked for it is gone; when
 * its own daemon was gone, it has cancelled the merge, and the same deletion ends it.
 */
export function judgeDeletion(
  step: DeleteSnapshotStep,
  guest: Guest,
  { intended, seen, cancelling, settled }: StepMemory,
): Verdict {
  const { name } = step;
  if (!isThere(step, guest)) return intended ? { do: 'done' } : fail('RECORD_UNKNOWN', { name });
  if (seen) return fail('DELETE_SNAPSHOT_NOT_VERIFIED', { name });
  const busy = guest.disks.find(({ job }) => job !== null);
  if (busy?.job) {
    const beside = { target: busy.target, job: busy.job.kind };
    return intended ? { do: 'wait', beside } : fail('JOB_RUNNING', beside);
  }
  if (intended && !settled) return { do: 'settle' };
  return cancelling ? { do: 'cancel' } : { do: 'start' };
}

function isThere({ name }: DeleteSnapshotStep, { records }: Guest): boolean {
  return records.some((record) => record.name === name);
}
