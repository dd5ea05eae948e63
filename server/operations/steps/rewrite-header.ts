import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { RewriteHeaderStep } from '../../../model/plans/fixes/rewrite-header.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';
import { type OfflinePorts, refuseUsed } from './offline.ts';

/** Writes the name and format of a backing image into the header of an image that no QEMU has open. */
export function rewriteHeader(ports: OfflinePorts, plan: Plan, step: RewriteHeaderStep): StepDriver {
  const { hostId, target, image, backing } = step;
  const ref: DiskRef = { hostId, uuid: guestOf(plan).uuid, target };
  return {
    refusedAs: 'REWRITE_REFUSED',
    judge: async (memory) => judgeRewrite(step, await ports.headers.backing(image), memory),
    async start() {
      await refuseUsed(ports, ref, image);
      await ports.headers.rewrite(image, backing);
    },
  };
}

type Named = RewriteHeaderStep['was'];

/** What to do about the header, from what it says now. */
export function judgeRewrite(
  { image, was, backing }: RewriteHeaderStep,
  now: Named | null,
  { seen, cancelling }: StepMemory,
): Verdict {
  if (now !== null && isSame(now, backing)) return { do: 'done' };
  if (now === null || !isSame(now, was)) return fail('HEADER_CHANGED', { image });
  if (seen) return fail('REWRITE_NOT_VERIFIED', { image });
  return { do: cancelling ? 'cancel' : 'start' };
}

function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && a.format === b.format;
}
