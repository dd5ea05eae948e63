import { z } from 'zod';
import { guestRef, intent } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const plans = router({
  preview: procedure
    .input(z.strictObject({ guest: guestRef, intent }))
    .query(({ ctx, input }) => ctx.plans.preview(input.guest, input.intent)),
});
