import { isOf } from '../../../model/fleet/chain.ts';
import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { relinkRefusals } from '../../../model/plans/undo/relink-refusals.ts';
import type { RelinkStep } from '../../../model/plans/undo/relink-step.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import { type RelinkPorts, relinkFacts } from '../planning/relink-facts.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** Writes the old backing image into the header of an active image that no QEMU has open. */
export function relink(
  ports: RelinkPorts & Pick<Ports, 'definitions' | 'freshGuests'>,
  plan: Plan,
  step: RelinkStep,
): StepDriver {
  const ref: DiskRef = { hostId: step.hostId, uuid: guestOf(plan).uuid, target: step.target };
  return {
    refusedAs: 'RELINK_REFUSED',
    judge: async (memory) => judgeRelink(step, (await ports.freshGuests.disk(ref)).disk, memory),
    async start() {
      // Since the plan was made, the guest may have discarded data, and an old image may have been written or deleted.
      const { guest, disk } = await ports.freshGuests.disk(ref);
      const [refusal] = relinkRefusals(guest, disk, step, await relinkFacts(ports, guest, disk, step));
      if (refusal !== undefined) throw new ProblemError('refused', refusal);
      // First, since it changes nothing by itself: so the header alone says whether the step is done.
      if (await ports.definitions.recordsChain(ref)) await ports.definitions.unrecordChain(ref);
      await ports.headers.rewrite(step.image, step.backing);
    },
  };
}

/** What to do about the chain, from what it is now. */
export function judgeRelink(
  { before, after, image }: Pick<RelinkStep, 'before' | 'after' | 'image'>,
  { chain }: Pick<Disk, 'chain'>,
  { seen, cancelling }: Pick<StepMemory, 'seen' | 'cancelling'>,
): Verdict {
  if (isOf(chain, after)) return { do: 'done' };
  if (!isOf(chain, before)) return fail('CHAIN_CHANGED');
  if (seen) return fail('RELINK_NOT_VERIFIED', { image });
  return { do: cancelling ? 'cancel' : 'start' };
}
