import { z } from 'zod';
import { diskRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const doctor = router({
  /** Inspects guests at this moment, of one UUID or all, and returns what is wrong with their chains. */
  examine: procedure
    .input(z.strictObject({ uuid: z.uuid().nullable() }))
    .query(({ ctx, input }) => ctx.doctor.examine(input.uuid)),
  /** Reads all tables of a disk's images, which takes time. */
  check: procedure.input(diskRef).mutation(({ ctx, input }) => ctx.doctor.check(input)),
});
