import { expect, test, vi } from 'vitest';
import { ProblemError } from '../../model/problem.ts';
import { freeSpaceOf } from '../../model/testing.ts';
import { engineOn, REF } from './testing/engine-on.ts';

test("QEMU is asked once to cancel, and the job's end is waited for", async () => {
  const { start, reached, runs, end, host, engine, journal } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await Promise.all([engine.cancel(id, 'a'), engine.cancel(id, 'b')]);
  await vi.waitFor(() => expect(host.calls).toContain('abort 0'));
  expect(journal.operation(id).state).toBe('cancelling');
  end(REF, 'cancelled');
  await reached(id, 'cancelled');
  expect(host.calls.filter((call) => call === 'abort 0')).toHaveLength(1);
});

test('regression: two cancels of an operation that waits ended it twice', async () => {
  const { start, reached, engine, journal, refs } = engineOn();
  const ids: string[] = [];
  for (const ref of refs) ids.push(await start(ref));
  const id = ids[4] ?? '';
  await Promise.allSettled([engine.cancel(id, 'a'), engine.cancel(id, 'b')]);
  await reached(id, 'cancelled');
  expect(journal.kinds(id).filter((kind) => kind === 'ended')).toHaveLength(1);
  expect(journal.operation(id).startedAt).toBeNull();
});

test('regression: an operation that succeeded while it was being cancelled counted as cancelled', async () => {
  const { start, reached, runs, end, engine, journal } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  end(REF, 'completed');
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-done'));
  const late = engine.cancel(id, 'a').catch((error: unknown) => error);
  await reached(id, 'succeeded');
  expect(await late).toBeInstanceOf(ProblemError);
  expect(journal.kinds(id).at(-1)).toBe('ended');
});

test("regression: an earlier job's reason was reported for a later one", async () => {
  const { start, runs, host, engine, journal } = engineOn();
  host.freeSpace = freeSpaceOf(0, { reserve: 2 ** 20 });
  const id = await start(REF);
  await vi.waitFor(() => expect(journal.operation(id).paused).toBeTruthy());
  engine.jobEnded({ ...REF, status: 'failed', reason: 'of another job' });
  host.freeSpace = freeSpaceOf(2 ** 40, { reserve: 2 ** 20 });
  engine.hostChanged(REF.hostId);
  await runs(REF);
  await engine.cancel(id, 'a');
  await vi.waitFor(() => expect(host.calls).toContain('abort 0'));
  // No event comes, so that only what is remembered could be a reason.
  host.end(REF, 'cancelled');
  await vi.waitFor(() => expect(journal.operation(id).state).toBe('cancelled'), 10_000);
  expect(journal.operation(id).problem).toBeNull();
});
