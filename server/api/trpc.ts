import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { ProblemError } from '../../model/problem.ts';
import type { Context } from './context.ts';

const CODES = {
  'not-found': 'NOT_FOUND',
  refused: 'BAD_REQUEST',
  conflict: 'CONFLICT',
  failed: 'INTERNAL_SERVER_ERROR',
} as const;

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error }) {
    const problem = error.cause instanceof ProblemError ? error.cause.problem : null;
    const { stack: _private, ...data } = shape.data;
    return { ...shape, data: { ...data, problem } };
  },
});

export const router = t.router;

/** Maps the errors of all parts to tRPC's codes, in this one place. */
const coded = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.cause instanceof ProblemError) {
    const { cause } = result.error;
    throw new TRPCError({ code: CODES[cause.kind], message: cause.message, cause });
  }
  return result;
});

/** For people who are signed in, with their session in `ctx.session`. */
export const procedure = t.procedure.use(coded).use(({ ctx, next }) => {
  if (ctx.session === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first' });
  return next({ ctx: { ...ctx, session: ctx.session } });
});
