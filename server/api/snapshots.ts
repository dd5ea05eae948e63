import { z } from 'zod';
import type { GuestRef } from '../../model/guest.ts';
import type { Intent } from '../../model/intent.ts';
import type { Operation } from '../../model/operation.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { isStale } from '../../model/snapshot-record.ts';
import type { Context, Session } from './context.ts';
import { guestRef, recordNames, snapshotFields } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const snapshots = router({
  list: procedure.input(guestRef).query(({ ctx, input }) => {
    const guest = ctx.fleet.guest(input);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: input.uuid }));
    return guest.records.map((record) => ({ ...record, stale: isStale(record, guest.disks) }));
  }),
  /** Plans and starts at once: it copies nothing. */
  create: procedure
    .input(z.strictObject({ guest: guestRef, snapshot: snapshotFields }))
    .mutation(({ ctx, input }) => started(ctx, input.guest, { kind: 'snapshot', ...input.snapshot })),
  /** Removes libvirt's records only, never data. */
  forget: procedure
    .input(z.strictObject({ guest: guestRef, names: recordNames }))
    .mutation(({ ctx, input }) => started(ctx, input.guest, { kind: 'forget', names: input.names })),
});

/** Throws a `ProblemError`: the plan's refusal, or what else keeps it from being started. */
async function started(
  { plans, operations, session }: Context & { session: Session },
  guest: GuestRef,
  intent: Intent,
): Promise<Operation> {
  const { fingerprint } = await plans.preview(guest, intent);
  return operations.start({ guest, intent, fingerprint, bandwidth: 0, onFull: 'pause', actor: session.name });
}
