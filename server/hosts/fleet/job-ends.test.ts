import { expect, test, vi } from 'vitest';
import { JobEnds } from './job-ends.ts';

const JOB = { uuid: '1', target: 'vda' };

function jobEnds() {
  const report = vi.fn();
  return { report, ends: new JobEnds(report) };
}

test("a failure carries QEMU's reason, and so does the next one only with a reason of its own", async () => {
  const { ends, report } = jobEnds();
  ends.failed(JOB, 'No space left on device');
  ends.ended(JOB, 'failed');
  await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(1));
  ends.ended(JOB, 'failed');
  await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(2));
  expect(report.mock.calls).toEqual([
    [{ ...JOB, status: 'failed', reason: 'No space left on device' }],
    [{ ...JOB, status: 'failed', reason: null }],
  ]);
});

test('a reason whose reader is a moment late is still found', async () => {
  const { ends, report } = jobEnds();
  ends.ended(JOB, 'failed');
  await Promise.resolve();
  ends.failed(JOB, 'Input/output error');
  await vi.waitFor(() =>
    expect(report).toHaveBeenCalledWith({ ...JOB, status: 'failed', reason: 'Input/output error' }),
  );
});

test('the reason of one disk is not the reason of another', async () => {
  const { ends, report } = jobEnds();
  ends.failed({ ...JOB, target: 'vdb' }, 'Input/output error');
  ends.ended(JOB, 'failed');
  await vi.waitFor(() => expect(report).toHaveBeenCalledWith({ ...JOB, status: 'failed', reason: null }));
});

test.each(['completed', 'cancelled', 'ready'] as const)('a job that is %s has no reason', (status) => {
  const { ends, report } = jobEnds();
  ends.ended(JOB, status);
  expect(report.mock.calls).toEqual([[{ ...JOB, status, reason: null }]]);
});
