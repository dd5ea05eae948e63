import { expect, test, vi } from 'vitest';
import { ProblemError, problem } from './problem.ts';

test('instanceof recognizes an error of another copy of the module', async () => {
  vi.resetModules();
  const other: typeof import('./problem.ts') = await import('./problem.ts');
  expect(other.ProblemError).not.toBe(ProblemError);
  expect(new other.ProblemError('refused', problem('READ_ONLY'))).toBeInstanceOf(ProblemError);
});

test.each<unknown>([new Error('READ_ONLY'), null, 'READ_ONLY', { problem: problem('READ_ONLY') }])(
  '%s is no problem error',
  (other) => {
    expect(other instanceof ProblemError).toBe(false);
  },
);
