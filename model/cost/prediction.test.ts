import { expect, test } from 'vitest';
import { mark } from '../content/cluster-map.ts';
import { newLayout } from '../content/target-layout.ts';
import { predictCommit, workOfCommit } from './commit-prediction.ts';
import { predictActiveCommit, predictCopy } from './mirror-prediction.ts';
import { movedBy, together } from './prediction.ts';
import { predictPull, workOfPull } from './pull-prediction.ts';
import { rigOf } from './testing.ts';

const MIB = 2 ** 20;
const SIZE = 64 * MIB;
const CLUSTER = 65536;

const exactly = (clusters: number) => {
  const bytes = clusters * CLUSTER;
  return { least: bytes, likely: bytes, most: bytes, basis: 'tables' };
};

test('a pull writes what the active image does not have, once, and a table', () => {
  const { chain, facts } = rigOf(SIZE, [
    { data: [5] },
    { data: [1, 5] },
    { data: [1, 2], zeros: [7] },
    { data: [9] },
  ]);
  // Clusters 1 and 2; 5 is there, 7 is zeros, and the table is there already.
  // A speed limit counts the zeros.
  expect(predictPull(chain, 3, facts)).toEqual({ ...exactly(2), limited: 3 * CLUSTER });
  expect(predictPull(chain, 4, facts)).toEqual({ ...exactly(3), limited: 4 * CLUSTER });
  const empty = rigOf(SIZE, [{}, { zeros: [1] }, { data: [1] }]);
  // Zeros hide the data below them; only a table is made.
  expect(predictPull(empty.chain, 3, empty.facts)).toEqual({ ...exactly(1), limited: CLUSTER });
  expect(predictPull(empty.chain, 1, empty.facts)).toEqual(exactly(0));
});

test('the work of a job is where it copies, not evenly over the disk', () => {
  const { chain, facts } = rigOf(SIZE, [{ data: [5] }, { data: [1, 5, 900] }, { data: [2], zeros: [7] }, {}]);
  const pull = workOfPull(chain, 3, facts);
  expect([pull?.total, pull?.below(SIZE / 2)]).toEqual([3 * CLUSTER, 2 * CLUSTER]);
  // A limit counts the zeros too.
  expect([pull?.limited?.total, pull?.limited?.below(SIZE / 2)]).toEqual([4 * CLUSTER, 3 * CLUSTER]);
  // A commit may copy zeros too, and data that hides other data only once.
  const commit = workOfCommit(chain, 1, 3, facts.maps, false);
  expect([commit?.total, commit?.below(6 * CLUSTER)]).toEqual([5 * CLUSTER, 3 * CLUSTER]);
  expect(workOfPull(chain, 3, { ...facts, maps: new Map() })).toBeNull();
  const kept = workOfCommit(chain, 1, 3, facts.maps, true);
  expect([kept?.total, kept?.limited?.total]).toEqual([4 * CLUSTER, 5 * CLUSTER]);
  expect(workOfCommit(chain, 1, 3, new Map(), false)).toBeNull();
});

test('a pull copies whole clusters, with the data of the images that stay', () => {
  const { chain, facts } = rigOf(SIZE, [
    {},
    { zeros: [3], clusterSize: 4096 },
    { data: [5], clusterSize: 4096 },
  ]);
  // Toward the base: what is pulled is zeros only, but the cluster has data of the base in it.
  expect(predictPull(chain, 2, facts)).toEqual(exactly(2));
});

test('zeros near data, in finer clusters than the target’s, are in doubt', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { data: [8], zeros: [20, 21], clusterSize: 4096 }]);
  expect(predictPull(chain, 2, facts)).toMatchObject({ least: 2 * CLUSTER, most: 3 * CLUSTER });
});

test('what larger clusters are filled up with may be zeros', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { data: [0], clusterSize: 4 * CLUSTER }]);
  expect(predictPull(chain, 2, facts)).toMatchObject({
    least: CLUSTER,
    likely: 5 * CLUSTER,
    most: 5 * CLUSTER,
  });
});

test('regression: what smaller zeros leave over of a cluster may be nothing but what it was filled up with', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { zeros: [1], clusterSize: 4096 }, { data: [0] }]);
  expect(predictPull(chain, 3, facts)).toMatchObject({ least: CLUSTER, likely: 2 * CLUSTER });
});

test('regression: holes of a raw image near its data are copied as data by a pull', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { raw: true, data: [0] }]);
  const { maps } = facts;
  const map = maps.get('/1');
  for (let block = 1; block < SIZE / 4096; block++) mark(map?.zeros ?? new Uint32Array(0), block);
  // The first 512 KiB, eight clusters, and a table.
  const predicted = predictPull(chain, 2, facts);
  expect(predicted?.likely).toBe(9 * CLUSTER);
  expect(predicted?.most).toBeGreaterThanOrEqual(9 * CLUSTER);
});

test('regression: a pull into extended L2 entries and a copy with them write no more of a cluster than they need', () => {
  const double = 2 * CLUSTER;
  const { chain, facts } = rigOf(SIZE, [{ clusterSize: 4096 }, { data: [1] }]);
  const layouts = new Map([['/0', newLayout(SIZE, double, true)]]);
  // The table takes a cluster; of the other cluster, a half is written.
  const pulled = predictPull(chain, 2, { ...facts, layouts });
  expect(pulled).toMatchObject({ likely: double + CLUSTER, most: 2 * double });
  const [active, ...below] = chain.images;
  if (active === undefined) throw new Error('There is no active image');
  const traits = { ...active.traits, clusterSize: double, extendedL2: true };
  const copied = predictCopy({ images: [{ ...active, traits }, ...below] }, 'qcow2', facts);
  expect(copied?.likely).toBe(4 * double + 4096 + CLUSTER);
});

test('a commit writes everything, zeros as data, but not a second time', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { data: [1] }, { data: [1, 2], zeros: [3] }, { data: [2, 9] }]);
  // Cluster 2 goes over the one that the base holds.
  expect(predictCommit(chain, 1, 3, facts)).toEqual({ ...exactly(2), moved: 3 * CLUSTER });
  expect(predictCommit(chain, 2, 3, facts)).toEqual({ ...exactly(2), moved: 3 * CLUSTER });
  expect(predictCommit(chain, 1, 2, facts)).toEqual({ ...exactly(0), moved: CLUSTER });
});

test('a commit into a raw image fills its holes', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { data: [0, 2] }, { raw: true, data: [0, 1, 2, 3] }]);
  expect(predictCommit(chain, 1, 2, facts)).toMatchObject({
    least: 28 * 4096,
    likely: 28 * 4096,
    most: 28 * 4096,
  });
});

test('an active commit leaves zeros zeros, and clusters that they free may be used again', () => {
  const { chain, facts } = rigOf(SIZE, [{ data: [1], zeros: [3] }, { data: [2] }, { data: [2, 9] }]);
  expect(predictActiveCommit(chain, 2, facts)).toEqual({ ...exactly(1), moved: 2 * CLUSTER });
  const freeing = rigOf(SIZE, [{ zeros: [9], data: [20] }, { data: [9] }]);
  expect(predictActiveCommit(freeing.chain, 1, freeing.facts)).toMatchObject({ least: 0, most: CLUSTER });
});

test('regression: what overwrites the data of an image was predicted as nothing', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { data: [1, 2] }, { data: [1, 2, 9] }]);
  const over = predictCommit(chain, 1, 2, facts);
  expect(over).toEqual({ ...exactly(0), moved: 2 * CLUSTER });
  if (over === null) throw new Error('nothing is predicted');
  const fresh = { ...exactly(3), basis: 'tables' as const };
  expect(movedBy(fresh)).toMatchObject({ likely: 3 * CLUSTER });
  expect(together([over, fresh])).toEqual({ ...exactly(3), moved: 5 * CLUSTER });
  // In doubt as the growth is.
  const doubtful = { ...over, least: 0, likely: CLUSTER, most: 3 * CLUSTER };
  expect(movedBy(doubtful)).toEqual({ least: CLUSTER, likely: 2 * CLUSTER, most: 4 * CLUSTER });
});

test('a copy has what the guest reads, with tables for the whole disk', () => {
  const { chain, facts } = rigOf(SIZE, [{ data: [1], zeros: [2] }, { data: [2, 3] }]);
  // Header, refcounts’ table and block, one block of the L1 table, an L2 table, and clusters 1 and 3.
  const bytes = 6 * CLUSTER + 4096;
  expect(predictCopy(chain, 'qcow2', facts)).toEqual({
    least: bytes,
    likely: bytes,
    most: bytes,
    basis: 'tables',
  });
});

test('free clusters in the file make a range', () => {
  const { chain, facts } = rigOf(SIZE, [{ data: [5] }, { data: [1, 2] }], { free: 1 });
  const layout = facts.layouts.get('/0');
  if (layout === undefined) throw new Error('There is no layout');
  const full = new Map([['/0', { ...layout, allocated: layout.end * CLUSTER }]]);
  const still = { ...facts, layouts: full, guestRuns: false };
  expect(predictPull(chain, 2, still)).toMatchObject({ least: CLUSTER, most: 2 * CLUSTER });
});

test('what a guest has written and its tables lack makes a range', () => {
  const { chain, facts } = rigOf(SIZE, [{ data: [5] }, { data: [1, 2] }]);
  const layout = facts.layouts.get('/0');
  if (layout === undefined) throw new Error('There is no layout');
  const unmapped = new Map([
    ...facts.layouts,
    ['/0', { ...layout, allocated: layout.allocated + CLUSTER }] as const,
  ]);
  expect(predictPull(chain, 2, { ...facts, layouts: unmapped })).toMatchObject({
    least: CLUSTER,
    most: 2 * CLUSTER,
  });
  expect(predictPull(chain, 2, { ...facts, layouts: unmapped, guestRuns: false })).toEqual(exactly(2));
  const down = predictActiveCommit(chain, 1, { ...facts, layouts: unmapped });
  expect(down?.least).toBe(CLUSTER);
  expect(down?.most).toBeGreaterThanOrEqual(2 * CLUSTER);
});

test('if an image could not be read there is only an upper bound', () => {
  const { chain, facts } = rigOf(SIZE, [{}, { data: [1] }, { data: [1] }]);
  const blind = { ...facts, maps: new Map() };
  for (const bound of [
    predictPull(chain, 3, blind),
    predictCommit(chain, 1, 2, blind),
    predictActiveCommit(chain, 1, blind),
    predictCopy(chain, 'qcow2', blind),
  ]) {
    expect(bound).toMatchObject({ least: 0, basis: 'allocations' });
    expect(bound?.most).toBeGreaterThanOrEqual(SIZE);
    expect(bound?.likely).toBe(bound?.most);
  }
});

test('the refcounts’ blocks are counted, and those that count themselves', () => {
  const perRefcountBlock = 8;
  const { chain, facts } = rigOf(SIZE, [{ data: [0] }, { data: [1, 2, 3, 4] }], { perRefcountBlock, end: 6 });
  // Four clusters after the sixth: the block that counts them makes eleven, of sixteen in two blocks.
  expect(predictPull(chain, 2, { ...facts, guestRuns: false })).toEqual(exactly(5));
});
