import { z } from 'zod';
import { ProblemError, problem } from '../../model/problem.ts';
import { guestRef } from './inputs.ts';
import { started } from './started.ts';
import { procedure, router } from './trpc.ts';

export const guests = router({
  /** The whole fleet with its revision, so that a stream can continue from it. */
  list: procedure.query(({ ctx }) => ({
    revision: ctx.fleet.revision(),
    hosts: ctx.fleet.hosts(),
    guests: ctx.fleet.guests(),
  })),
  get: procedure.input(guestRef).query(({ ctx, input }) => {
    const guest = ctx.fleet.guest(input);
    if (guest === null) throw new ProblemError('not-found', problem('GUEST_UNKNOWN', { uuid: input.uuid }));
    return guest;
  }),
  /** Resumes a guest that QEMU paused for an I/O error. */
  resume: procedure
    .input(z.strictObject({ guest: guestRef }))
    .mutation(({ ctx, input }) => started(ctx, input.guest, { kind: 'resume' })),
});
