import type { GuestRef } from '../../model/fleet/disk.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { Context, Session } from './context.ts';

/**
 * Plans and starts at once an operation that copies nothing. Throws a `ProblemError`: the plan's refusal, or another reason why
 * it can't start.
 */
export async function started(
  { plans, operations, session }: Context & { session: Session },
  guest: GuestRef,
  intent: Intent,
): Promise<Operation> {
  const { fingerprint } = await plans.preview(guest, intent);
  return operations.start({ guest, intent, fingerprint, bandwidth: 0, onFull: 'pause', actor: session.name });
}
