import { z } from 'zod';
import { hostId } from './inputs.ts';
import { procedure, router } from './trpc.ts';

const path = z.string().min(2).max(4096).startsWith('/');
const files = z.array(path).min(1).max(1000).readonly();

export const leftovers = router({
  /** Searches at this moment for the image files of a host that nothing refers to. */
  find: procedure
    .input(z.strictObject({ hostId }))
    .query(({ ctx, input }) => ctx.leftovers.find(input.hostId)),
  /** Plans their deletion. */
  plan: procedure
    .input(z.strictObject({ hostId, files }))
    .query(({ ctx, input }) => ctx.leftovers.plan(input.hostId, input.files)),
  /** Starts the planned deletion. */
  remove: procedure
    .input(z.strictObject({ hostId, files, fingerprint: z.string().min(2).max(10_000_000) }))
    .mutation(({ ctx, input }) => ctx.leftovers.remove({ ...input, actor: ctx.session.name })),
  /** Keeps an image on purpose although nothing refers to it. */
  keep: procedure
    .input(z.strictObject({ hostId, path }))
    .mutation(({ ctx, input }) => ctx.leftovers.keep(input.hostId, input.path, ctx.session.name)),
  release: procedure
    .input(z.strictObject({ hostId, path }))
    .mutation(({ ctx, input }) => ctx.leftovers.release(input.hostId, input.path)),
});
