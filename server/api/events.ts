import { tracked } from '@trpc/server';
import { z } from 'zod';
import { guestRef } from './inputs.ts';
import { procedure, router } from './trpc.ts';

export const events = router({
  /** Everything that a browser has to know, in one stream, resumed by the journal's ids. */
  stream: procedure
    .input(
      z.strictObject({
        lastEventId: z
          .string()
          .regex(/^\d{1,15}$/)
          .nullish(),
        view: guestRef.nullish(),
      }),
    )
    .subscription(async function* ({ ctx, input, signal }) {
      let last = input.lastEventId == null ? null : Number(input.lastEventId);
      const source = ctx.events.stream({
        since: last,
        view: input.view ?? null,
        signal: signal ?? new AbortController().signal,
      });
      for await (const { id, event } of source) {
        last = Math.max(id, last ?? 0);
        yield tracked(String(last), event);
      }
    }),
});
