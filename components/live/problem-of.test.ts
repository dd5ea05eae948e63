import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { problemOf } from './problem-of.ts';

test('regression: a dashboard that was gone was reported by the browser’s own text', () => {
  expect(problemOf(TRPCClientError.from(new TypeError('Failed to fetch'))).code).toBe('NO_ANSWER');
});

test('what else fails without a code is shown as it is', () => {
  const reason = 'Unexpected token';
  expect(problemOf(TRPCClientError.from(new SyntaxError(reason)))).toMatchObject({
    code: 'UNEXPECTED',
    params: { reason },
  });
  expect(problemOf('odd')).toMatchObject({ code: 'UNEXPECTED', params: { reason: 'odd' } });
});
