import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { RedefineStep } from '../../../model/plans/fixes/redefine.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** Makes a definition name what the guest has. */
export function redefine(
  { definitions }: Pick<Ports, 'definitions'>,
  plan: Plan,
  step: RedefineStep,
): StepDriver {
  const { hostId, target, from, to } = step;
  const ref: DiskRef = { hostId, uuid: guestOf(plan).uuid, target };
  return {
    refusedAs: 'REDEFINE_REFUSED',
    judge: async (memory) => judgeRedefine(step, await definitions.read(ref), memory),
    start: () => definitions.follow(ref, from, to),
  };
}

/** What to do about the definition, from what libvirt has now. */
export function judgeRedefine(
  { from, to }: RedefineStep,
  { defined, live }: { readonly defined: string | null; readonly live: string | null },
  { seen, cancelling }: StepMemory,
): Verdict {
  if (defined === to) return { do: 'done' };
  if (defined !== from) return fail('DEFINITION_CHANGED');
  if (seen) return fail('REDEFINE_NOT_VERIFIED');
  if (cancelling) return { do: 'cancel' };
  return live === to ? { do: 'start' } : fail('CHAIN_CHANGED');
}
