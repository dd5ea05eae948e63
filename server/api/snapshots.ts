import { z } from 'zod';
import { recordStates } from '../../model/fleet/record-state.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { guestRef, recordNames, snapshotFields } from './inputs.ts';
import { started } from './started.ts';
import { procedure, router } from './trpc.ts';

export const snapshots = router({
  list: procedure.input(guestRef).query(({ ctx, input }) => {
    const guest = ctx.fleet.guest(input);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: input.uuid }));
    const states = recordStates(guest);
    return guest.records.map((record) => ({ ...record, state: states.get(record.name) ?? 'unknown' }));
  }),
  /** Plans and starts at once, since it copies nothing. */
  create: procedure
    .input(z.strictObject({ guest: guestRef, snapshot: snapshotFields }))
    .mutation(({ ctx, input }) => started(ctx, input.guest, { kind: 'snapshot', ...input.snapshot })),
  /** Removes snapshot metadata only, never data. */
  forget: procedure
    .input(z.strictObject({ guest: guestRef, names: recordNames }))
    .mutation(({ ctx, input }) => started(ctx, input.guest, { kind: 'forget', names: input.names })),
});
