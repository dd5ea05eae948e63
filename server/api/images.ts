import { z } from 'zod';
import { hostId } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const images = router({
  /** Every image of a host's chains with all that refers to it, read at this moment; shared images first. */
  list: procedure.input(z.strictObject({ hostId })).query(({ ctx, input }) => ctx.images.list(input.hostId)),
});
