import { expect, onTestFinished, test, vi } from 'vitest';
import { ProblemError } from '../../model/problem.ts';
import { chainOf, diskWith, flattenTo, freeSpaceOf } from '../../model/testing.ts';
import { Engine } from './engine.ts';
import { engineOn } from './testing/engine-on.ts';
import { LostError } from './testing/fake-host.ts';

const REF = { hostId: 'alpha', uuid: '0', target: 'vda' };
const CODE = (code: string) => ({ problem: { code } });

test('an operation from its start to its success; what is intended is written before libvirt is called', async () => {
  const { start, reached, runs, end, journal, host, engine } = engineOn();
  const written: string[] = [];
  host.starting = () => void written.push(...journal.all.map(({ event }) => event.kind));
  const id = await start(REF, 7);
  await runs(REF);
  expect(written).toEqual(['created', 'started', 'step-intended']);
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(host.calls).toEqual(['pull 0 /base 7']);
  expect(journal.kinds(id)).toEqual([
    'created',
    'started',
    'step-intended',
    'step-running',
    'step-flushing',
    'step-done',
    'ended',
  ]);
  await expect(engine.cancel(id, 'a')).rejects.toMatchObject(CODE('OPERATION_OVER'));
});

test('a disk takes one operation at a time, even of two that are asked for at once', async () => {
  const { start, runs } = engineOn();
  const both = await Promise.allSettled([start(REF), start(REF)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await runs(REF);
  await expect(start(REF)).rejects.toMatchObject(CODE('OPERATION_ON_DISK'));
});

test('two run on a host, the rest follow in their order', async () => {
  const { start, runs, reached, end, host, refs, journal } = engineOn();
  const ids: string[] = [];
  for (const ref of refs) ids.push(await start(ref));
  const [zero, one, two] = refs;
  if (!zero || !one || !two) throw new Error('There are five');
  await Promise.all([runs(zero), runs(one)]);
  expect(host.running()).toEqual(['0', '1']);
  expect(journal.operation(ids[2] ?? '').state).toBe('queued');
  end(one, 'failed', 'broken pipe');
  await reached(ids[1] ?? '', 'failed');
  await runs(two);
  expect(host.running()).toEqual(['0', '2']);
});

test('regression: QEMU died where two disks of a guest were pulled at once, so a guest takes one at a time', async () => {
  const { start, runs, reached, end, host, refs, journal } = engineOn();
  const [zero, one, two] = refs;
  if (!zero || !one || !two) throw new Error('There are five');
  const second = { ...zero, target: 'vdb' };
  host.add(second);
  const ids = [await start(zero), await start(second)];
  // What waits for its guest keeps no place on the host from others.
  await start(one);
  const later = await start(two);
  await Promise.all([runs(zero), runs(one)]);
  expect(ids.map((id) => journal.operation(id).state)).toEqual(['running', 'queued']);
  expect(host.calls).toEqual(['pull 0 /base 0', 'pull 1 /base 0']);
  end(one, 'completed');
  await runs(two);
  expect(journal.operation(ids[1] ?? '').state).toBe('queued');
  end(zero, 'completed');
  await reached(ids[0] ?? '', 'succeeded');
  await reached(ids[1] ?? '', 'running');
  expect(journal.operation(later).state).toBe('running');
});

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

test('regression: an operation that needs one host overtook one that waits for two', async () => {
  const { engine, host, journal, parts, refs, runs, end } = engineOn();
  const [zero, one, two, three] = refs;
  if (!zero || !one || !two || !three) throw new Error('There are five');
  // A plan with work on both hosts, as a migration is.
  const real = parts.planner.preview.bind(parts.planner);
  const onBoth = new Set(['2']);
  vi.spyOn(parts.planner, 'preview').mockImplementation(async (ref, intent) => {
    const plan = await real(ref, intent);
    if (!onBoth.has(ref.uuid)) return plan;
    return { ...plan, steps: [...plan.steps, { kind: 'forget', hostId: 'beta', names: [] }] };
  });
  const started = async (ref: typeof zero) => {
    const guest = { hostId: ref.hostId, uuid: ref.uuid };
    const { fingerprint } = await parts.planner.preview(guest, flattenTo('/base'));
    const request = { guest, intent: flattenTo('/base'), fingerprint, bandwidth: 0, actor: 'a' };
    return (await engine.start(request)).id;
  };
  await started(zero);
  await started(one);
  await Promise.all([runs(zero), runs(one)]);
  const both = await started(two);
  const later = await started(three);
  end(zero, 'completed');
  await runs(two);
  expect(journal.operation(both).startedAt).not.toBeNull();
  expect(journal.operation(later).state).toBe('queued');
  expect(host.running()).toEqual(['1', '2']);
});

test('a fingerprint of another chain starts nothing', async () => {
  const { engine, journal } = engineOn();
  const request = {
    guest: { hostId: 'alpha', uuid: '0' },
    intent: flattenTo('/base'),
    fingerprint: '[]',
    bandwidth: 0,
    actor: 'a',
  };
  await expect(engine.start(request)).rejects.toMatchObject(CODE('CHAIN_CHANGED'));
  const gone = { ...request, intent: flattenTo('/gone') };
  await expect(engine.start(gone)).rejects.toMatchObject(CODE('CHAIN_CHANGED'));
  expect(journal.all).toEqual([]);
});

test('a plan with a refusal is not started', async () => {
  const { start, host, journal } = engineOn();
  host.change(REF, { disks: [diskWith(chainOf('/active', '/sn1', '/base'), { readOnly: true })] });
  await expect(start(REF)).rejects.toMatchObject({ kind: 'refused', ...CODE('READ_ONLY') });
  expect(journal.all).toEqual([]);
});

test("an operation that libvirt refuses fails with libvirt's text", async () => {
  const { start, reached, host, journal } = engineOn();
  host.starting = () => {
    throw new Error('block device is in use');
  };
  const id = await start(REF);
  await reached(id, 'failed');
  expect(journal.operation(id).problem).toEqual({
    code: 'PULL_REFUSED',
    params: { reason: 'block device is in use' },
  });
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
  expect(host.calls).toHaveLength(1);
  expect(journal.all.find(({ event }) => event.kind === 'step-running')?.event).toMatchObject({
    adopted: true,
  });
});

test('regression: a host that takes long to say what there is to copy delayed the progress', async () => {
  const { start, runs, end, reached, host, engine } = engineOn();
  const { promise, resolve } = Promise.withResolvers<void>();
  const mapsOf = host.mapsOf.bind(host);
  const id = await start(REF);
  vi.spyOn(host, 'mapsOf').mockImplementation(async () => {
    await promise;
    return mapsOf();
  });
  await runs(REF);
  await vi.waitFor(
    () => expect(engine.progress()).toMatchObject([{ position: 0, size: 9, work: null }]),
    5000,
  );
  resolve();
  end(REF, 'completed');
  await reached(id, 'succeeded');
});

test('regression: the journal did not say that the next process had taken up a running job', async () => {
  const { start, runs, journal, engine, parts } = engineOn();
  const id = await start(REF);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  await engine.stop();
  const next = new Engine(parts);
  await next.resume();
  const running = () => journal.all.map(({ event }) => event).filter(({ kind }) => kind === 'step-running');
  await vi.waitFor(() => expect(running()).toMatchObject([{ adopted: false }, { adopted: true }]));
  await next.stop();
});

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

test('regression: a speed that was set before the job existed was forgotten', async () => {
  const { start, runs, host, engine, journal, refs } = engineOn();
  for (const ref of refs.slice(1, 3)) await start(ref);
  const id = await start(REF, 5);
  await engine.setSpeed(id, 9, 'a');
  expect(journal.operation(id).bandwidth).toBe(9);
  for (const ref of refs.slice(1, 2)) {
    host.end(ref, 'completed');
    engine.jobEnded({ ...ref, status: 'completed', reason: null });
  }
  await runs(REF);
  expect(host.calls.at(-1)).toBe('pull 0 /base 9');
});

test('a speed that is set while libvirt starts the job is set once the job exists', async () => {
  const { start, host, engine, journal } = engineOn();
  host.starting = () => engine.setSpeed(journal.all[0]?.operationId ?? '', 9, 'a');
  await start(REF, 5);
  await vi.waitFor(() => expect(host.calls).toEqual(['pull 0 /base 5', 'speed 0 9']));
});

test('a speed is written down before libvirt is asked; one that libvirt refuses is taken back, and its reason reported', async () => {
  const { start, runs, host, engine, journal } = engineOn();
  const id = await start(REF, 5);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  const written: string[] = [];
  host.setSpeed = () => {
    written.push(...journal.kinds(id));
    return Promise.reject(new Error('too fast'));
  };
  await expect(engine.setSpeed(id, 9, 'a')).rejects.toMatchObject({
    problem: { code: 'SPEED_REFUSED', params: { reason: 'too fast' } },
  });
  expect(written.at(-1)).toBe('speed-set');
  expect(journal.kinds(id).at(-1)).toBe('speed-refused');
  expect(journal.operation(id).bandwidth).toBe(5);
});

test('a speed that a process wrote down before it died is set by the next', async () => {
  const { start, runs, host, engine, journal, parts } = engineOn();
  const id = await start(REF, 5);
  await runs(REF);
  await vi.waitFor(() => expect(journal.kinds(id)).toContain('step-running'));
  await engine.stop();
  await journal.append(id, [{ kind: 'speed-set', bandwidth: 9, actor: 'a' }], 1);
  const next = new Engine(parts);
  await next.resume();
  await vi.waitFor(() => expect(host.calls).toEqual(['pull 0 /base 5', 'speed 0 9']));
  await next.stop();
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

test('regression: an operation that ended during the stop started the next in the queue', async () => {
  const { start, runs, end, host, engine, refs, journal } = engineOn();
  const ids: string[] = [];
  for (const ref of refs) ids.push(await start(ref));
  const [zero, one] = refs;
  if (!zero || !one) throw new Error('There are five');
  await Promise.all([runs(zero), runs(one)]);
  const stopped = engine.stop();
  end(zero, 'completed');
  await stopped;
  expect(journal.operation(ids[2] ?? '')).toMatchObject({ state: 'queued', startedAt: null });
  expect(host.running()).toEqual(['1']);
});

test('the next process takes up what runs, what waits and what was to be cancelled', async () => {
  const { start, runs, end, host, engine, refs, journal, parts, reached } = engineOn();
  const ids: string[] = [];
  for (const ref of refs) ids.push(await start(ref));
  const [zero, one, two] = refs;
  if (!zero || !one || !two) throw new Error('There are five');
  await Promise.all([runs(zero), runs(one)]);
  await engine.stop();
  await journal.append(ids[3] ?? '', [{ kind: 'cancel-asked', actor: 'a' }], 1);
  host.end(zero, 'completed');
  const next = new Engine(parts);
  await next.resume();
  await reached(ids[0] ?? '', 'succeeded');
  await reached(ids[3] ?? '', 'cancelled');
  await runs(two);
  host.end(one, 'completed');
  next.jobEnded({ ...one, status: 'completed', reason: null });
  await reached(ids[1] ?? '', 'succeeded');
  end(two, 'completed');
});

test('regression: a base was named by the index that it had when the plan was made', async () => {
  const { start, runs, end, host, refs } = engineOn();
  const [zero, one, two] = refs;
  if (!zero || !one || !two) throw new Error('There are five');
  for (const ref of [zero, one]) await start(ref);
  await runs(zero);
  await start(two);
  const { guest, disk } = await host.disk(two);
  const images = disk.chain?.images.map((image) => ({ ...image, index: (image.index ?? 0) + 10 })) ?? [];
  host.change(two, { ...guest, disks: [{ ...disk, chain: { images } }] });
  const begin = vi.spyOn(host, 'startPull');
  end(zero, 'completed');
  await runs(two);
  expect(begin.mock.calls.map(([ref, base]) => [ref.uuid, base?.index])).toContainEqual(['2', 13]);
});

test('a guest that is gone ends its operation', async () => {
  const { start, runs, reached, host, engine, journal } = engineOn();
  const id = await start(REF);
  await runs(REF);
  host.disk = () => Promise.reject(new ProblemError('not-found', { code: 'GUEST_UNKNOWN', params: {} }));
  engine.hostChanged('alpha');
  host.end(REF, 'failed');
  await reached(id, 'failed');
  expect(journal.operation(id).problem?.code).toBe('GUEST_UNKNOWN');
});

test('work that is paused for space takes from the reserve once somebody says so, and the journal says who', async () => {
  const { start, runs, engine, host, journal } = engineOn();
  host.freeSpace = freeSpaceOf(2 ** 20, { reserve: 2 ** 30 });
  const id = await start(REF, 7);
  await vi.waitFor(() =>
    expect(journal.operation(id).paused).toMatchObject({ fileSystem: '/vm', free: 2 ** 20 }),
  );
  await engine.resumePaused(id, 'bob');
  await runs(REF);
  await expect(engine.resumePaused(id, 'bob')).rejects.toMatchObject(CODE('NOT_PAUSED'));
  expect(journal.all.map(({ event }) => event)).toContainEqual({
    kind: 'resume-asked',
    step: 0,
    fileSystem: '/vm',
    actor: 'bob',
  });
  expect(journal.kinds(id).filter((kind) => kind === 'step-resumed')).toHaveLength(1);
});

test('an error of the disk while a pull ran is reported when the pull is done', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { start, runs, reached, end, host, journal, broken } = engineOn();
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
});
