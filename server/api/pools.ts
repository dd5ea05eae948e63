import { z } from 'zod';
import { hostId } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const pools = router({
  /** Where new images can be stored on a host, with the free space. */
  list: procedure.input(z.strictObject({ hostId })).query(({ ctx, input }) => ctx.fleet.pools(input.hostId)),
});
