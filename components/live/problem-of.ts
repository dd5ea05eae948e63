import { TRPCClientError } from '@trpc/client';
import { type Problem, problem } from '../../model/problem.ts';
import { reasonOf } from '../../model/reason.ts';
import type { AppRouter } from '../../server/api/router.ts';

/** Why a call failed: the problem that the server named, or the bare reason. */
export function problemOf(error: unknown): Problem {
  if (isApiError(error) && error.data?.problem) return error.data.problem;
  // A call without an answer has neither a code of the server nor a shape.
  if (isApiError(error) && error.data == null && error.cause instanceof TypeError)
    return problem('NO_ANSWER');
  return problem('UNEXPECTED', { reason: reasonOf(error) });
}

export function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
