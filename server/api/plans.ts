import { z } from 'zod';
import { diskRef, goal, guestRef, imageKeys, intent } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const plans = router({
  preview: procedure
    .input(z.strictObject({ guest: guestRef, intent }))
    .query(({ ctx, input }) => ctx.plans.preview(input.guest, input.intent)),
  /** The strategies for one result, side by side. */
  strategies: procedure
    .input(z.strictObject({ disk: diskRef, goal, pinned: imageKeys }))
    .query(({ ctx, input }) => ctx.plans.strategies(input.disk, input.goal, input.pinned)),
});
