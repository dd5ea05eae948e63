import type { GuestRef } from '../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { StopStep } from '../../../model/plans/revert/stop-step.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** Stops a guest. The step is done when it is off, whoever stopped it. */
export function stop(
  { freshGuests, guests }: Pick<Ports, 'freshGuests' | 'guests'>,
  plan: Plan,
  { hostId }: StopStep,
): StepDriver {
  const ref: GuestRef = { hostId, uuid: guestOf(plan).uuid };
  return {
    refusedAs: 'STOP_REFUSED',
    judge: async (memory) => judgeStop(await freshGuests.guest(ref), memory),
    start: () => guests.stop(ref),
  };
}

/** What to do about the guest, from what libvirt has now. */
export function judgeStop(
  guest: Guest,
  { seen, cancelling }: Pick<StepMemory, 'seen' | 'cancelling'>,
): Verdict {
  if (!isActive(guest)) return { do: 'done' };
  const named = { guest: guest.name };
  // It was off, and somebody wants it to run.
  if (seen) return fail('STARTED_AGAIN', named);
  if (cancelling) return { do: 'cancel' };
  const busy = guest.disks.find(({ job }) => job !== null);
  // A job would end unfinished.
  return busy?.job ? fail('JOB_RUNNING', { target: busy.target, job: busy.job.kind }) : { do: 'start' };
}
