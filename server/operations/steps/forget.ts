import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type ForgetStep, forgetRefusals } from '../../../model/plans/forget.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail } from '../verdict.ts';

/** Removes libvirt's records of snapshots, never data. The step is done when none of them is left, whoever removed them. */
export function forget(
  { freshGuests, snapshots }: Pick<Ports, 'freshGuests' | 'snapshots'>,
  plan: Plan,
  { hostId, names }: ForgetStep,
): StepDriver {
  const ref: GuestRef = { hostId, uuid: guestOf(plan).uuid };
  const now = async () => {
    const guest = await freshGuests.guest(ref);
    const known = new Set(guest.records.map(({ name }) => name));
    return { guest, left: names.filter((name) => known.has(name)) };
  };
  return {
    refusedAs: 'FORGET_REFUSED',
    async judge({ intended, seen, cancelling }) {
      const [name] = (await now()).left;
      if (name === undefined) return { do: 'done' };
      if (seen) return fail('FORGET_NOT_VERIFIED', { name });
      return cancelling && !intended ? { do: 'cancel' } : { do: 'start' };
    },
    async start() {
      const { guest, left: here } = await now();
      // Another snapshot may have been taken or reverted to since the plan was made.
      const [refusal] = forgetRefusals(guest, here);
      if (refusal !== undefined) throw new ProblemError('refused', refusal);
      for (const name of here) await forgotten(snapshots.forget(ref, name));
    },
  };
}

/** A record that somebody else removed meanwhile is no error. */
async function forgotten(call: Promise<void>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof ProblemError && error.problem.code === 'RECORD_UNKNOWN')) throw error;
  });
}
