import type { GuestRef } from '../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { ResumeStep } from '../../../model/plans/fixes/resume.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** Resumes a guest that QEMU paused for an I/O error. The step is done when the guest runs, whoever resumed it. */
export function resume(
  { freshGuests, guests }: Pick<Ports, 'freshGuests' | 'guests'>,
  plan: Plan,
  { hostId }: ResumeStep,
): StepDriver {
  const ref: GuestRef = { hostId, uuid: guestOf(plan).uuid };
  return {
    refusedAs: 'RESUME_REFUSED',
    judge: async (memory) => judgeResume(await freshGuests.guest(ref), memory),
    start: () => guests.resume(ref),
  };
}

/** What to do about the guest, from what libvirt has now. */
export function judgeResume(
  guest: Guest,
  { intended, seen, cancelling }: Pick<StepMemory, 'intended' | 'seen' | 'cancelling'>,
): Verdict {
  const named = { guest: guest.name };
  if (!isActive(guest)) return fail('GUEST_NOT_RUNNING', named);
  if (guest.state !== 'paused') return { do: 'done' };
  // It met the same error again right after it was resumed.
  if (seen) return fail('STOPPED_AGAIN', named);
  if (cancelling) return { do: 'cancel' };
  return guest.ioError === null && !intended ? fail('NO_IO_ERROR', named) : { do: 'start' };
}
