import { tracked } from '@trpc/server';
import { z } from 'zod';
import { guestRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

/** How many guests one browser may have in view. */
const MOST_VIEWS = 64;

export const events = router({
  /** The id after which a stream reports everything that happens from now on. */
  newest: procedure.query(async ({ ctx }) => String(await ctx.events.newest())),
  /** Everything that a browser needs to know, in one stream, resumed by the journal's ids. */
  stream: procedure
    .input(
      z.strictObject({
        lastEventId: z
          .string()
          .regex(/^\d{1,15}$/)
          .nullish(),
        /** The guests in view; all tabs of a browser share one stream. */
        views: z.array(guestRef).max(MOST_VIEWS).default([]),
      }),
    )
    .subscription(async function* ({ ctx, input, signal }) {
      let last = input.lastEventId == null ? null : Number(input.lastEventId);
      // A session that ends elsewhere gets nothing more: the page connects again, and is led to the sign-in.
      const over = ctx.session.ended();
      const source = ctx.events.stream({
        since: last,
        views: input.views,
        signal: signal ? AbortSignal.any([signal, over]) : over,
      });
      for await (const { id, event } of source) {
        last = Math.max(id, last ?? 0);
        yield tracked(String(last), event);
      }
    }),
});
