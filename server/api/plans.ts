import { z } from 'zod';
import { diskRef, intent } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const plans = router({
  preview: procedure
    .input(z.strictObject({ disk: diskRef, intent }))
    .query(({ ctx, input }) => ctx.plans.preview(input.disk, input.intent)),
});
