import { expect, test, vi } from 'vitest';
import { flattenTo } from '../../model/testing.ts';
import { engineOn, REF } from './testing/engine-on.ts';

const CODE = (code: string) => ({ problem: { code } });

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
