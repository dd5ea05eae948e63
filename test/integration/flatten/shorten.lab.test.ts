import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { qemuOf } from '../../../lab/faults.ts';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../../../lab/writer.ts';
import { EXTENT_TREE } from '../../../model/cost/prediction.ts';
import { ratesOf } from '../../../model/operation/throughput.ts';
import { isCommit } from '../../../model/plans/commit.ts';
import type { Goal } from '../../../model/plans/shorten/goal.ts';
import type { ShortenIntent } from '../../../model/plans/shorten/shorten.ts';
import { alpha, contentOf, dashboard, guestFor, imagesOf, lab, UNSURE, writer } from '../../support/rig.ts';

/** MiB that each image holds, from the base up: all into the large one in the middle copies least. */
const SIZES = [32, 2, 24, 1, 1];

function layered(name: string): Promise<LabGuest> {
  const layers = SIZES.map((length, level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: 16 + level, offset: level * 3 * MiB, length: length * MiB }],
  }));
  return guestFor({ name, disks: [{ layers, size: 64 * MiB }] });
}

/** The image that many levels above the base. */
const imageAt = (guest: LabGuest, level: number) => imagesOf(guest).toReversed()[level] ?? '';

function shortenTo(goal: Goal, changes: Partial<ShortenIntent> = {}): ShortenIntent {
  return {
    kind: 'shorten',
    target: 'vda',
    goal,
    strategy: 'cheapest',
    pinned: [],
    forgetAfter: true,
    ...changes,
  };
}

describe.each([
  {
    what: 'everything above the base',
    goal: (guest: LabGuest): Goal => ({ kind: 'above', base: imageAt(guest, 0) }),
    steps: ['active-commit', 'pull'],
    left: [2, 0],
  },
  {
    what: 'at most three images',
    goal: (): Goal => ({ kind: 'at-most', images: 3 }),
    steps: ['active-commit'],
    left: [2, 1, 0],
  },
  {
    what: 'one image alone',
    goal: (guest: LabGuest): Goal => ({ kind: 'only', image: imageAt(guest, 2) }),
    steps: ['active-commit', 'pull'],
    left: [2],
  },
])('the cheapest strategy for $what', ({ what, goal, steps, left }) => {
  test('runs step by step, copies what was predicted, and the guest reads the same', async () => {
    const guest = await layered(`short-${what.replaceAll(' ', '-')}`);
    const parts = await dashboard();
    const before = await contentOf(guest);
    const untouched = left.includes(0) ? await readFile(imageAt(guest, 0)) : null;
    const intent = shortenTo(goal(guest));
    const plan = await parts.preview(guest, intent);
    const merges = plan.steps.some(isCommit);
    expect(plan).toMatchObject({ refusals: [], warnings: merges ? [UNSURE] : [] });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(steps);
    const { id } = await parts.run(guest, intent);
    const done = await parts.reached(id, 'succeeded', 'failed');
    expect(done).toMatchObject({ state: 'succeeded', problem: null });
    expect(parts.chain(guest)).toEqual(left.map((at) => imageAt(guest, at)));
    expect(await contentOf(guest)).toBe(before);
    const { predicted } = plan.cost;
    expect(predicted?.basis).toBe('tables');
    const { least = Number.POSITIVE_INFINITY, most = 0 } = predicted ?? {};
    expect(done.grownBy).toBeGreaterThanOrEqual(least - EXTENT_TREE);
    expect(done.grownBy).toBeLessThanOrEqual(most + EXTENT_TREE);
    expect(Math.abs((done.grownBy ?? 0) - (predicted?.likely ?? 0))).toBeLessThanOrEqual(2 * 65536);
    if (untouched !== null) expect((await readFile(imageAt(guest, 0))).equals(untouched)).toBe(true);
    await virsh(alpha, `destroy ${guest.uuid}; start ${guest.uuid}`);
    expect(await contentOf(guest)).toBe(before);
    for (const image of parts.chain(guest)) {
      expect(await run('qemu-img', ['check', '-U', image])).toContain('No errors were found');
    }
    expect(parts.broken).toEqual([]);
  });
});

test('the strategies are compared, and the cheapest copies least', async () => {
  const guest = await layered('short-strategies');
  const parts = await dashboard();
  const strategies = await parts.planner.strategies(
    parts.diskOf(guest),
    { kind: 'above', base: imageAt(guest, 0) },
    [],
  );
  expect(strategies.map(({ name }) => name)).toEqual(['pull', 'merge-down', 'cheapest']);
  const [pull, down, cheapest] = strategies.map(({ plan }) => plan?.cost.predicted?.likely ?? Number.NaN);
  expect(cheapest).toBeLessThan((pull ?? 0) / 2);
  expect(cheapest).toBeLessThan((down ?? 0) / 2);
  expect(strategies.map(({ plan }) => plan?.steps.some(isCommit))).toEqual([false, true, true]);
});

test('regression: a merge over data that its base has already was predicted as no bytes in no time', async () => {
  const allocated = 16 * MiB;
  const layers = [0, 1, 2].map((level) => ({
    file: `short-over-${level}.qcow2`,
    writes: level === 2 ? [] : [{ pattern: 1 + level, offset: 0, length: allocated }],
  }));
  const guest = await guestFor({ name: 'short-over', disks: [{ layers, size: 64 * MiB }] });
  const parts = await dashboard();
  const before = await contentOf(guest);
  const down = shortenTo({ kind: 'only', image: imageAt(guest, 0) });
  const plan = await parts.preview(guest, down);
  const { predicted } = plan.cost;
  expect(predicted).toMatchObject({ basis: 'tables', moved: allocated });
  expect(predicted?.most).toBeLessThan(MiB);
  const { pid } = await qemuOf(lab, guest);
  const written = await writtenBy(pid);
  const { id } = await parts.run(guest, down);
  const done = await parts.reached(id, 'succeeded', 'failed');
  expect(done).toMatchObject({ state: 'succeeded' });
  const moved = (await writtenBy(pid)) - written;
  expect(moved).toBeGreaterThanOrEqual(allocated);
  expect(moved).toBeLessThan(allocated + 2 * MiB);
  expect(await contentOf(guest)).toBe(before);
  expect(ratesOf([done]).get('active-commit')?.median).toBeGreaterThan(0);
});

/** Bytes that the process has handed to the kernel so far, over what was there and beside it. */
async function writtenBy(pid: number): Promise<number> {
  const [, bytes] = /^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8')) ?? [];
  return Number(bytes);
}

test('a pinned image stays as it is, to the byte', async () => {
  const guest = await layered('short-pinned');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const pinned = imageAt(guest, 2);
  const bytes = await readFile(pinned);
  const intent = shortenTo({ kind: 'at-most', images: 3 }, { pinned: [pinned] });
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(parts.chain(guest)).toHaveLength(3);
  expect(parts.chain(guest)).toContain(pinned);
  // Only the name of its backing image, in the header, may be another.
  expect((await readFile(pinned)).subarray(65536).equals(bytes.subarray(65536))).toBe(true);
  expect(await contentOf(guest)).toBe(before);
});

test('what others depend on is neither written nor dropped, also where they came after the plan', async () => {
  const guest = await layered('short-shared');
  const parts = await dashboard();
  const intent = shortenTo({ kind: 'above', base: imageAt(guest, 0) });
  const plan = await parts.preview(guest, intent);
  expect(plan.refusals).toEqual([]);
  const shared = imageAt(guest, 2);
  const other = await guestFor({
    name: 'short-other',
    state: 'shut off',
    disks: [{ layers: [{ file: shared, existing: true }, { file: 'short-other.qcow2' }], size: 64 * MiB }],
  });
  const [ours, theirs, bytes] = [await contentOf(guest), await contentOf(other), await readFile(shared)];
  const { fingerprint } = plan;
  const ref = { hostId: parts.hostId, uuid: guest.uuid };
  const start = parts.engine.start({ guest: ref, intent, fingerprint, bandwidth: 0, actor: 'tester' });
  await expect(start).rejects.toMatchObject({
    problem: { code: expect.stringMatching(/CHAIN_CHANGED|SHARED/) },
  });
  const again = await parts.preview(guest, intent);
  expect(again.refusals).toContainEqual({
    code: 'SHARED_WRITTEN',
    params: { image: shared, guests: 'short-other (vda)' },
  });
  // Above what is shared nothing speaks against it.
  const above = await parts.preview(guest, shortenTo({ kind: 'above', base: shared }));
  expect(above).toMatchObject({ refusals: [], steps: [{ kind: 'pull', base: shared }] });
  expect((await readFile(shared)).equals(bytes)).toBe(true);
  expect([await contentOf(guest), await contentOf(other)]).toEqual([ours, theirs]);
});

test('the writing guest loses nothing over a strategy of two block jobs', async () => {
  const guest = await writer('short-writer', 30);
  const parts = await dashboard();
  const intent = shortenTo({ kind: 'only', image: imagesOf(guest)[1] ?? '' });
  const { id, plan } = await parts.run(guest, intent, 32 * MiB);
  expect(plan.steps.map(({ kind }) => kind)).toEqual(['active-commit', 'pull']);
  await parts.sampled(id);
  await waitForWrites(guest, 30);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  await waitForWrites(guest, 30);
  expect(parts.chain(guest)).toEqual([imagesOf(guest)[1]]);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
});

test('cancelled in the second step, what the first one did stays, and the guest reads the same', async () => {
  const guest = await layered('short-cancel');
  const parts = await dashboard();
  const before = await contentOf(guest);
  const intent = shortenTo({ kind: 'only', image: imageAt(guest, 2) });
  const { id } = await parts.run(guest, intent, MiB);
  await parts.engine.setSpeed(id, 4 * MiB, 'tester');
  await expect
    .poll(async () => (await parts.operation(id)).steps.map(({ state }) => state), { timeout: 60_000 })
    .toEqual(['done', 'running']);
  await parts.sampled(id);
  await parts.engine.cancel(id, 'tester');
  expect(await parts.reached(id, 'succeeded', 'failed', 'cancelled')).toMatchObject({ state: 'cancelled' });
  expect(parts.chain(guest)).toEqual([2, 1, 0].map((at) => imageAt(guest, at)));
  expect(await contentOf(guest)).toBe(before);
});
