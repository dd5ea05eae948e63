import { ProblemError, problem } from '../../model/problem.ts';
import { guestRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const guests = router({
  /** The whole fleet with the revision that it is of, so that a stream can be joined to it. */
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
});
