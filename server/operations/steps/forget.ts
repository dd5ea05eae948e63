import type { GuestRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { ForgetStep } from '../../../model/plans/forget.ts';
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
  const left = async () => {
    const { records } = await freshGuests.guest(ref);
    return records.map(({ name }) => name).filter((name) => names.includes(name));
  };
  return {
    refusedAs: 'FORGET_REFUSED',
    async judge({ intended, seen, cancelling }) {
      const [name] = await left();
      if (name === undefined) return { do: 'done' };
      if (seen) return fail('FORGET_NOT_VERIFIED', { name });
      return cancelling && !intended ? { do: 'cancel' } : { do: 'start' };
    },
    async start() {
      for (const name of await left()) await forgotten(snapshots.forget(ref, name));
    },
  };
}

/** A record that somebody else removed meanwhile is no error. */
async function forgotten(call: Promise<void>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof ProblemError && error.problem.code === 'RECORD_UNKNOWN')) throw error;
  });
}
