import { z } from 'zod';
import { OPERATION_STATES } from '../../model/operation/operation.ts';
import { ON_FULL } from '../../model/operation/pause.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import { bandwidth, guestRef, hostId, intent } from './inputs.ts';
import { procedure, router } from './trpc.ts';

const id = z.uuid();

export const operations = router({
  start: procedure
    .input(
      z.strictObject({
        guest: guestRef,
        intent,
        fingerprint: z.string().min(2).max(1_000_000),
        confirmed: z.string().max(1000).default(''),
        bandwidth,
        onFull: z.enum(ON_FULL).default('pause'),
      }),
    )
    .mutation(({ ctx, input }) => ctx.operations.start({ ...input, actor: ctx.session.name })),
  cancel: procedure
    .input(z.strictObject({ id }))
    .mutation(({ ctx, input }) => ctx.operations.cancel(input.id, ctx.session.name)),
  setSpeed: procedure
    .input(z.strictObject({ id, bandwidth }))
    .mutation(({ ctx, input }) => ctx.operations.setSpeed(input.id, input.bandwidth, ctx.session.name)),
  resume: procedure
    .input(z.strictObject({ id }))
    .mutation(({ ctx, input }) => ctx.operations.resume(input.id, ctx.session.name)),
  list: procedure
    .input(
      z.strictObject({
        hostId: hostId.optional(),
        uuid: z.uuid().optional(),
        state: z.enum(OPERATION_STATES).optional(),
        actor: z.string().min(1).max(200).optional(),
        over: z.boolean().optional(),
        limit: z.number().int().min(1).max(500).default(100),
        /** The last operation of the previous page. */
        cursor: z.object({ id, createdAt: z.number().int() }).nullish(),
        direction: z.literal('forward').optional(),
      }),
    )
    .query(({ ctx, input: { cursor, direction: _, ...filter } }) =>
      ctx.operations.list({ ...filter, before: cursor ?? undefined }),
    ),
  facets: procedure.query(({ ctx }) => ctx.operations.facets()),
  get: procedure.input(z.strictObject({ id })).query(async ({ ctx, input }) => {
    const found = await ctx.operations.get(input.id);
    if (found === null) throw new ProblemError('not-found', problem('OPERATION_UNKNOWN', { id: input.id }));
    return found;
  }),
});
