import type { Operation } from '../../model/operation/operation.ts';
import { guestAddress } from './guest.ts';
import { leftoversAddress } from './leftovers.ts';

/** The page of an operation. */
export function operationAddress(id: string): string {
  return `/operations/${encodeURIComponent(id)}`;
}

/**
 * The page of what an operation is about: its disk or its guest, on the host that has it by now. An operation on image
 * files alone is about the leftovers of its host.
 */
export function subjectAddress({ plan, steps }: Operation): string {
  if (plan.guest === null) return leftoversAddress(plan.hostId);
  const moved = plan.steps.find((step, i) => step.kind === 'migrate' && steps[i]?.state === 'done');
  const guest = moved?.kind === 'migrate' ? { ...plan.guest, hostId: moved.to } : plan.guest;
  return guestAddress(guest, plan.disks[0]?.target);
}
