import { expect, onTestFinished, test, vi } from 'vitest';
import { FACTS, flattenTo } from '../../model/testing.ts';
import { engineOn, REF } from './testing/engine-on.ts';
import { LostError } from './testing/fake-host.ts';

test("regression: a host that was lost while a plan was made was reported by the text of its socket's error", async () => {
  const { host, parts, refs } = engineOn();
  const [ref] = refs;
  if (!ref) throw new Error('There are five');
  host.lost = true;
  const lost = { problem: { code: 'NOT_CONNECTED', params: { host: 'alpha' } } };
  await expect(parts.planner.preview(ref, flattenTo('/base'))).rejects.toMatchObject(lost);
  await expect(parts.planner.strategies(ref, { kind: 'only', image: '/base' }, [])).rejects.toMatchObject(
    lost,
  );
});

test('where the host is lost during the call, its outcome is unknown, and the job is found when the host is back', async () => {
  const { start, reached, runs, end, host, engine, journal } = engineOn();
  host.starting = () => {
    // The call arrived; its answer did not.
    host.begin(REF, null, 0);
    host.lost = true;
    throw new LostError('gone');
  };
  const id = await start(REF);
  await vi.waitFor(() => expect(host.lost).toBe(true));
  host.lost = false;
  engine.hostChanged('alpha');
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(host.calls.filter((call) => call.startsWith('pull'))).toHaveLength(1);
  expect(journal.all.find(({ event }) => event.kind === 'step-running')?.event).toMatchObject({
    adopted: true,
  });
});

test('regression: a QEMU that ended in the middle of a question broke the operation', async () => {
  const { start, runs, reached, host, engine, broken, journal } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  const ended = new Error('internal error: End of file from qemu monitor');
  vi.spyOn(host, 'sample').mockRejectedValueOnce(ended);
  vi.spyOn(host, 'disk').mockRejectedValueOnce(ended);
  host.end(REF, 'failed');
  host.change(REF, { state: 'shutoff' });
  engine.jobEnded({ ...REF, status: 'failed', reason: null });
  await reached(id, 'failed');
  expect(journal.operation(id).problem?.code).toBe('GUEST_STOPPED');
  expect(broken).toEqual([]);
});

test('regression: a success became a failure where the size of the written image could not be read', async () => {
  const { start, runs, reached, end, host, broken, journal } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  vi.spyOn(host, 'allocatedBy').mockRejectedValueOnce(new Error('cannot acquire state change lock'));
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(journal.operation(id).problem).toBeNull();
  expect(broken).toEqual([]);
});

test('regression: questions that failed again and again ended an operation whose job continued', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { start, runs, reached, end, host, journal, broken } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  const questions = vi.spyOn(host, 'disk').mockRejectedValue(new Error('monitor does not answer'));
  vi.spyOn(host, 'sample').mockRejectedValue(new Error('monitor does not answer'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(journal.kinds(id)).toContain('step-warned');
  const { length } = questions.mock.calls;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(questions.mock.calls.length).toBeGreaterThan(length + 3);
  expect(journal.kinds(id).filter((kind) => kind === 'step-warned')).toHaveLength(1);
  expect(journal.operation(id)).toMatchObject({ state: 'running', unreachable: { code: 'STATE_UNKNOWN' } });
  vi.mocked(host.sample).mockRestore();
  questions.mockRestore();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(journal.operation(id)).toMatchObject({ state: 'running', unreachable: null });
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(broken).toEqual([]);
});

test('questions that fail before anything was started fail the operation with their own text', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { engine, host, journal, parts } = engineOn();
  const guest = { hostId: REF.hostId, uuid: REF.uuid };
  const { fingerprint } = await parts.planner.preview(guest, flattenTo('/base'));
  vi.spyOn(host, 'disk').mockRejectedValue(new Error('XML of another planet'));
  const request = { guest, intent: flattenTo('/base'), fingerprint, bandwidth: 0, actor: 'a' };
  const { id } = await engine.start(request);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(journal.operation(id).state).toBe('failed');
  expect(journal.operation(id).problem?.params.reason).toBe('XML of another planet');
  expect(host.calls).toEqual([]);
});

test('an error that nobody foresaw fails the operation, and the next one starts', async () => {
  const { start, reached, runs, host, broken, journal, refs } = engineOn();
  const [zero, one] = refs;
  if (!zero || !one) throw new Error('There are five');
  host.allocatedBy = () => Promise.reject(new Error('disk on fire'));
  const id = await start(zero);
  await reached(id, 'failed');
  expect(journal.operation(id).problem).toEqual({ code: 'UNEXPECTED', params: { reason: 'disk on fire' } });
  expect(broken).toHaveLength(1);
  host.allocatedBy = async () => 1;
  await start(one);
  await runs(one);
});

test('regression: a journal that could not be written ended the process', async () => {
  const { start, runs, reached, end, journal, broken, refs } = engineOn();
  const [zero, one] = refs;
  if (!zero || !one) throw new Error('There are five');
  const id = await start(zero);
  await runs(zero);
  journal.broken = new Error('SQLITE_FULL');
  end(zero, 'completed');
  await vi.waitFor(() => expect(broken).toEqual([journal.broken, journal.broken]));
  journal.broken = null;
  // The next operation that starts takes this one up again: the chain shows how it ended.
  await start(one);
  await reached(id, 'succeeded');
});

test.each(['that is flushed', 'that is durable by itself'])(
  'an error of the disk while a pull ran %s is reported when the pull is done',
  async (which) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { start, runs, reached, end, host, journal, broken } = engineOn();
    host.capabilities = { ...FACTS.capabilities, pullIsDurable: which === 'that is durable by itself' };
    host.change(REF, { machine: 'pc-q35-10.0' });
    host.broken = new Error('EIO: i/o error, fdatasync');
    const id = await start(REF);
    await runs(REF);
    await vi.advanceTimersByTimeAsync(1000);
    end(REF, 'completed');
    await reached(id, 'succeeded');
    expect(journal.all.map(({ event }) => event)).toContainEqual({
      kind: 'step-warned',
      step: 0,
      problem: { code: 'FLUSH_REFUSED', params: { reason: 'EIO: i/o error, fdatasync' } },
    });
    expect(broken).toEqual([]);
  },
);
