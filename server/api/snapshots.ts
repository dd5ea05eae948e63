import { z } from 'zod';
import { ProblemError, problem } from '../../model/problem.ts';
import { isStale } from '../../model/snapshot-record.ts';
import { guestRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const snapshots = router({
  list: procedure.input(guestRef).query(({ ctx, input }) => {
    const guest = ctx.fleet.guest(input);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: input.uuid }));
    return guest.records.map((record) => ({ ...record, stale: isStale(record, guest.disks) }));
  }),
  /** Removes libvirt's record only, never data. */
  forget: procedure
    .input(z.strictObject({ guest: guestRef, name: z.string().min(1).max(255) }))
    .mutation(({ ctx, input }) => ctx.fleet.forgetRecord(input.guest, input.name)),
});
