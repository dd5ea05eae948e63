import { z } from 'zod';
import { imageUsers } from '../../model/sharing.ts';
import { hostId } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const images = router({
  /** Every image of a host's chains with its users, the shared ones first. */
  list: procedure.input(z.strictObject({ hostId })).query(({ ctx, input }) => {
    const guests = ctx.fleet.guests().filter((guest) => guest.hostId === input.hostId);
    return [...imageUsers(guests)]
      .map(([key, users]) => ({ key, users }))
      .sort((a, b) => b.users.length - a.users.length || a.key.localeCompare(b.key));
  }),
});
