import { expect, test, vi } from 'vitest';
import { ProblemError } from '../../model/problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, freeSpaceOf, imageAt, QCOW2 } from '../../model/testing.ts';
import { engineOn, REF } from './testing/engine-on.ts';

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
  expect(host.calls).toEqual(['pull 0 /base 7', 'flush 0 resize']);
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

test('where libvirt can refuse to shrink a disk, it is asked to', async () => {
  const { start, reached, runs, end, host } = engineOn();
  host.capabilities = { ...FACTS.capabilities, resizeOnlyExtends: true };
  const id = await start(REF);
  await runs(REF);
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(host.calls).toContain('flush 0 extend');
});

test('a pull that QEMU makes durable by itself is not flushed', async () => {
  const { start, reached, runs, end, journal, host } = engineOn();
  host.capabilities = { ...FACTS.capabilities, pullIsDurable: true };
  host.change(REF, { machine: 'pc-q35-10.0' });
  const id = await start(REF);
  await runs(REF);
  end(REF, 'completed');
  await reached(id, 'succeeded');
  expect(host.calls).toEqual(['pull 0 /base 0']);
  expect(journal.kinds(id)).not.toContain('step-flushing');
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

test('a plan that loses checkpoints is started once the name of the guest was typed, and not before', async () => {
  const { engine, parts, host, journal } = engineOn();
  const old = imageAt('/active', { traits: { ...QCOW2, version: 2 } });
  const bitmaps = imageAt('/sn1', { traits: { ...QCOW2, bitmaps: true } });
  host.change(REF, {
    disks: [diskWith({ images: [old, bitmaps, imageAt('/base')] })],
    checkpoints: { known: [{ name: 'c1', createdAt: 0, parent: null, disks: ['vda'] }], problem: null },
  });
  const { hostId, uuid } = REF;
  const guest = { hostId, uuid };
  const intent = flattenTo('/base');
  const { fingerprint, guestName } = await parts.planner.preview(guest, intent);
  const request = { guest, intent, fingerprint, bandwidth: 0, actor: 'a' };
  for (const confirmed of [undefined, '', 'c1']) {
    await expect(engine.start({ ...request, confirmed })).rejects.toMatchObject({
      kind: 'refused',
      problem: { code: 'NOT_CONFIRMED', params: { guest: guestName } },
    });
  }
  expect(journal.all).toEqual([]);
  await expect(engine.start({ ...request, confirmed: guestName ?? '' })).resolves.toMatchObject({
    plan: { checkpoints: [{ name: 'c1', target: 'vda', outcome: 'lost' }] },
  });
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
