import { keys } from '../../../model/fleet/chain.ts';
import type { GuestRef } from '../../../model/fleet/disk.ts';
import { diskOf, type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { revertRefusals } from '../../../model/plans/revert/revert-refusals.ts';
import type { RevertStep } from '../../../model/plans/revert/revert-step.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** Has libvirt revert a guest that is off. One call does it for all disks. */
export function revert(
  { freshGuests, snapshots, hosts }: Pick<Ports, 'freshGuests' | 'snapshots' | 'hosts'>,
  plan: Plan,
  step: RevertStep,
): StepDriver {
  const ref: GuestRef = { hostId: step.hostId, uuid: guestOf(plan).uuid };
  return {
    refusedAs: 'REVERT_REFUSED',
    judge: async (memory) => judgeRevert(step, await freshGuests.guest(ref), memory),
    async start() {
      const guest = await freshGuests.guest(ref);
      // Since the plan was made, an image may have been written or deleted.
      const [refusal] = revertRefusals(guest, step.name);
      if (refusal !== undefined) throw new ProblemError('refused', refusal);
      try {
        await snapshots.revert(ref, step.name);
      } catch (error) {
        // The call of a process that died may have done it meanwhile, and libvirt makes no two overlays within a second.
        if (hosts.isLost(error) || !isReverted(step, await freshGuests.guest(ref))) throw error;
      }
    },
  };
}

/**
 * What to do about a revert, from what libvirt has now: it is done when the snapshot is the current one, and each disk has a new
 * overlay on what it froze. libvirt says the former last.
 */
export function judgeRevert(step: RevertStep, guest: Guest, memory: StepMemory): Verdict {
  const { intended, seen, cancelling, settled } = memory;
  const named = { guest: guest.name };
  if (isReverted(step, guest)) return intended ? { do: 'done' } : fail('CHAIN_CHANGED');
  if (isActive(guest)) return fail('STARTED_AGAIN', named);
  if (!isUnchanged(step, guest)) return fail(intended ? 'REVERT_NOT_VERIFIED' : 'CHAIN_CHANGED');
  if (seen) return fail('REVERT_NOT_VERIFIED');
  // libvirt continues when the process that asked for it is gone.
  if (intended && !settled) return { do: 'settle' };
  return cancelling ? { do: 'cancel' } : { do: 'start' };
}

function isReverted({ name, disks }: RevertStep, guest: Guest): boolean {
  return (
    guest.reverts?.current === name &&
    disks.every(({ target, before, below }) => {
      const [overlay, ...rest] = keysOf(guest, target);
      return overlay !== undefined && overlay !== before[0] && isSame(rest, below);
    })
  );
}

function isUnchanged({ from, disks }: RevertStep, guest: Guest): boolean {
  return (
    guest.reverts?.current === from &&
    disks.every(({ target, before }) => isSame(keysOf(guest, target), before))
  );
}

function keysOf(guest: Guest, target: string): readonly string[] {
  return keys(diskOf(guest, target)?.chain ?? { images: [] });
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((key, i) => key === others[i]);
}
