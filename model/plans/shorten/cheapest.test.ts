import { expect, test } from 'vitest';
import type { ClusterMap } from '../../content/cluster-map.ts';
import { type Layer, overlapOf } from '../../content/layer-overlap.ts';
import type { Image } from '../../fleet/image.ts';
import { GIB, imageAt } from '../../testing.ts';
import { type Protection, type Shortening, strategiesTo } from './cheapest.ts';
import type { Goal } from './goal.ts';

const CLUSTER = 65536;
const FREE: Protection = { shared: new Set(), pinned: new Set(), unpullable: new Set() };

/** A layer of a few clusters: which of them are allocated, which of those are data, and what the guest reads there. */
interface Small {
  readonly key: string;
  readonly allocated: number;
  readonly data: number;
  /** A letter a cluster: of the layer that it was written in, 0 for zeros, a blank where nothing is allocated. */
  readonly content: string;
}

test.each([
  ['data', false],
  ['zeros', true],
])(
  'if a commit writes zeros as %s, the cheapest strategy costs what an exhaustive search finds',
  (_, keepsZeros) => {
    const random = randomFrom(4);
    let wins = 0;
    for (let round = 0; round < 2400; round++) {
      const layers = randomLayers(random, 2 + Math.floor(random() * 4));
      const keys = layers.map(({ key }) => key);
      const some = (probability: number) => new Set(keys.filter(() => random() < probability));
      const protection =
        round % 3 === 0 ? { shared: some(0.15), pinned: some(0.15), unpullable: some(0.15) } : FREE;
      const goal = randomGoal(random, keys);
      const { pull, mergeDown, cheapest } = strategies(layers, goal, { protection, keepsZeros });
      const least = exhaustive(layers, goal, protection, keepsZeros);
      const what = JSON.stringify({ round, layers, goal, cheapest });
      expect(cheapest?.bytes ?? null, what).toBe(least === null ? null : least * CLUSTER);
      for (const plain of [pull, mergeDown]) {
        if (plain !== null) expect(cheapest?.bytes, what).toBeLessThanOrEqual(plain.bytes);
      }
      if (cheapest !== null && pull !== null && cheapest.bytes < pull.bytes) wins++;
      for (const strategy of [pull, mergeDown, cheapest])
        if (strategy !== null) expectTrue(layers, strategy, keepsZeros);
    }
    // Chains in which nothing can be won would prove little.
    expect(wins).toBeGreaterThan(150);
  },
);

/** Done step by step, the way costs what it says, leaves what it says, and the guest reads the same. */
function expectTrue(layers: readonly Small[], strategy: Shortening, keepsZeros: boolean): void {
  let now = layers;
  let cost = 0;
  for (const merge of strategy.merges) {
    const at = (key: string) => now.findIndex((layer) => layer.key === key);
    const done =
      merge.kind === 'commit'
        ? committed(now, at(merge.base), at(merge.top), keepsZeros)
        : merge.kind === 'active-commit'
          ? committedActive(now, at(merge.base))
          : pulled(now, merge.base === null ? -1 : at(merge.base));
    now = done.layers;
    cost += done.cost;
  }
  expect(now.map(({ key }) => key).toReversed()).toEqual(strategy.left);
  expect(cost * CLUSTER).toBe(strategy.bytes);
  expect(seen(now)).toBe(seen(layers));
}

test('a small image between large ones receives everything', () => {
  const layers = [small('base', 0xff), small('large', 0xf0f0), small('tiny', 0x1)];
  const { pull, mergeDown, cheapest } = strategies(layers, { kind: 'only', image: 'tiny' });
  expect([pull?.bytes, mergeDown]).toEqual([11 * CLUSTER, null]);
  expect(cheapest).toEqual(pull);
  const any = strategies(layers, { kind: 'at-most', images: 1 });
  expect(any.cheapest).toEqual({
    merges: [
      { kind: 'active-commit', base: 'large' },
      { kind: 'pull', base: null },
    ],
    left: ['large'],
    bytes: 4 * CLUSTER,
  });
  expect(any.mergeDown?.merges).toEqual([{ kind: 'active-commit', base: 'base' }]);
});

test('nothing at or below a shared image is touched, and a pinned one stays as it is', () => {
  const layers = [small('a', 1), small('b', 2), small('c', 4), small('d', 8), small('e', 16)];
  const shared = { ...FREE, shared: new Set(['b']) };
  expect(strategies(layers, { kind: 'at-most', images: 2 }, { protection: shared }).cheapest).toBeNull();
  expect(strategies(layers, { kind: 'at-most', images: 3 }, { protection: shared }).cheapest?.left).toEqual([
    'e',
    'b',
    'a',
  ]);
  expect(strategies(layers, { kind: 'above', base: 'a' }, { protection: shared }).cheapest).toBeNull();
  const pinned = { ...FREE, pinned: new Set(['c']) };
  expect(strategies(layers, { kind: 'at-most', images: 3 }, { protection: pinned }).cheapest?.merges).toEqual(
    [
      { kind: 'commit', top: 'b', base: 'a' },
      { kind: 'pull', base: 'c' },
    ],
  );
});

test('if a pull may crash QEMU, everything is committed', () => {
  const layers = [small('base', 0xff), small('top', 0xff00)];
  const protection = { ...FREE, unpullable: new Set(['top']) };
  const { pull, cheapest } = strategies(layers, { kind: 'at-most', images: 1 }, { protection });
  expect(pull).toBeNull();
  expect(cheapest?.merges).toEqual([{ kind: 'active-commit', base: 'base' }]);
});

test('no end of a longer image is exposed', () => {
  const layers = [small('base', 1), small('middle', 2), small('top', 4)];
  const sizes: Record<string, Partial<Image>> = { middle: { virtualSize: GIB / 2 } };
  expect(strategies(layers, { kind: 'at-most', images: 1 }, { sizes }).cheapest).toBeNull();
  const onBase = strategies(layers, { kind: 'above', base: 'base' }, { sizes });
  expect(onBase.pull).toBeNull();
  expect(onBase.cheapest?.merges).toEqual([{ kind: 'active-commit', base: 'middle' }]);
});

test('a chain that is short enough is left alone', () => {
  const layers = [small('base', 1), small('top', 4)];
  const none = { merges: [], left: ['top', 'base'], bytes: 0 };
  expect(strategies(layers, { kind: 'at-most', images: 2 })).toEqual({
    pull: none,
    mergeDown: none,
    cheapest: none,
  });
  expect(strategies(layers, { kind: 'at-most', images: 9 }).cheapest).toEqual(none);
  expect(strategies(layers, { kind: 'above', base: 'base' }).cheapest).toEqual(none);
  expect(strategies(layers, { kind: 'above', base: 'top' }).cheapest).toBeNull();
});

test('clusters of different sizes are counted on one grid', () => {
  const layer = (clusterSize: number, data: number, zeros = 0): Layer => ({
    map: { clusterSize, data: Uint32Array.of(data), zeros: Uint32Array.of(zeros) },
    virtualSize: 32 * 65536,
  });
  const layers = [layer(2 * 65536, 0b11), layer(65536, 0b1100, 1)];
  const overlap = overlapOf(layers, false);
  expect(overlap.visible).toEqual([65536, 2 * 65536]);
  expect([overlap.committed(0, 0), overlap.committed(0, 1)]).toEqual([0, 3 * 65536]);
  expect(overlapOf(layers, true).committed(0, 1)).toBe(2 * 65536);
});

test('a shorter image hides what is below its end', () => {
  const map = (data: number): ClusterMap => ({
    clusterSize: CLUSTER,
    data: Uint32Array.of(data),
    zeros: new Uint32Array(1),
  });
  const [long, short] = [32 * CLUSTER, 16 * CLUSTER];
  const layers = [
    { map: map(0xffff_ffff), virtualSize: long },
    { map: map(1), virtualSize: short },
    { map: map(2), virtualSize: long },
  ];
  const { visible } = overlapOf(layers, false);
  expect(visible).toEqual([14 * CLUSTER, CLUSTER, CLUSTER]);
});

test('thirty layers of a 200 GiB disk are planned in less than a breath', () => {
  const random = randomFrom(30);
  const clusters = (200 * GIB) / CLUSTER;
  const layers = Array.from({ length: 30 }, (_, level): Layer => {
    const data = new Uint32Array(clusters / 32);
    const zeros = new Uint32Array(clusters / 32);
    // Extents of 2 MiB all over; the base is half full.
    for (let i = 0; i < (level === 0 ? data.length / 2 : 4000); i++) {
      data[Math.floor(random() * data.length)] = 0xffff_ffff;
    }
    return { map: { clusterSize: CLUSTER, data, zeros }, virtualSize: 200 * GIB };
  });
  const images = layers.map((_, i) => imageAt(String(i), { virtualSize: 200 * GIB })).toReversed();
  const plan = () => strategiesTo({ kind: 'at-most', images: 1 }, { images }, overlapOf(layers, true), FREE);
  plan();
  const began = performance.now();
  const { cheapest, pull } = plan();
  const ms = performance.now() - began;
  expect(cheapest?.bytes).toBeLessThan(pull?.bytes ?? 0);
  // The goal is 300 ms; the benchmark measures it, this guards against another order of magnitude.
  expect(ms).toBeLessThan(3000);
});

function strategies(
  layers: readonly Small[],
  goal: Goal,
  {
    protection = FREE,
    sizes = {},
    keepsZeros = false,
  }: { protection?: Protection; sizes?: Record<string, Partial<Image>>; keepsZeros?: boolean } = {},
) {
  const overlap = overlapOf(
    layers.map(({ allocated, data }) => ({
      map: { clusterSize: CLUSTER, data: Uint32Array.of(data), zeros: Uint32Array.of(allocated & ~data) },
      virtualSize: 32 * CLUSTER,
    })),
    keepsZeros,
  );
  const images = layers.map(({ key }) => imageAt(key, sizes[key])).toReversed();
  return strategiesTo(goal, { images }, overlap, protection);
}

function small(key: string, data: number): Small {
  return layerOf(key, data, data);
}

function layerOf(key: string, allocated: number, data: number): Small {
  const letter = (at: number) => ((data >>> at) & 1 ? key : (allocated >>> at) & 1 ? '0' : ' ');
  return { key, allocated, data, content: Array.from({ length: 16 }, (_, at) => letter(at)).join('') };
}

function randomLayers(random: () => number, count: number): readonly Small[] {
  return Array.from({ length: count }, (_, i) => {
    const allocated = Math.floor(random() * 2 ** 12) & (random() < 0.4 ? -1 : Math.floor(random() * 2 ** 12));
    return layerOf('abcdefgh'.charAt(i), allocated, allocated & ~Math.floor(random() * random() * 2 ** 12));
  });
}

function randomGoal(random: () => number, keys: readonly string[]): Goal {
  const one = keys[Math.floor(random() * keys.length)] ?? '';
  const kind = Math.floor(random() * 3);
  if (kind === 0) return { kind: 'at-most', images: 1 + Math.floor(random() * keys.length) };
  return kind === 1 ? { kind: 'only', image: one } : { kind: 'above', base: one };
}

/** The fewest clusters that any sequence of block jobs copies on the way to the goal; `null` if none leads there. */
function exhaustive(
  layers: readonly Small[],
  goal: Goal,
  protection: Protection,
  keepsZeros: boolean,
): number | null {
  const kept = keptBy(layers, protection);
  const below = goal.kind === 'above' ? layers.findIndex(({ key }) => key === goal.base) : -1;
  if (goal.kind === 'above' && below === layers.length - 1) return null;
  const stays = layers.slice(0, below + 1).map(({ key }) => key);
  const reached = (now: readonly Small[]) =>
    goal.kind === 'at-most'
      ? now.length <= goal.images
      : goal.kind === 'only'
        ? now.length === 1 && now[0]?.key === goal.image
        : now.length === below + 2;
  const open = new Map([[JSON.stringify(layers), { now: layers, cost: 0 }]]);
  const closed = new Set<string>();
  for (;;) {
    const [nearest] = [...open].toSorted(([, a], [, b]) => a.cost - b.cost);
    if (nearest === undefined) return null;
    const [name, { now, cost }] = nearest;
    if (reached(now)) return cost;
    open.delete(name);
    closed.add(name);
    const isKept = (key: string) => kept.has(key) || stays.includes(key);
    for (const done of allJobs(now, isKept, protection, keepsZeros)) {
      const next = JSON.stringify(done.layers);
      const known = open.get(next);
      if (closed.has(next) || (known && known.cost <= cost + done.cost)) continue;
      open.set(next, { now: done.layers, cost: cost + done.cost });
    }
  }
}

function keptBy(layers: readonly Small[], { shared, pinned }: Protection): ReadonlySet<string> {
  const highest = layers.findLastIndex(({ key }) => shared.has(key));
  return new Set(layers.filter(({ key }, i) => i <= highest || pinned.has(key)).map(({ key }) => key));
}

interface Done {
  readonly layers: readonly Small[];
  readonly cost: number;
}

function allJobs(
  now: readonly Small[],
  isKept: (key: string) => boolean,
  protection: Protection,
  keepsZeros: boolean,
): Done[] {
  const found: Done[] = [];
  const top = now.length - 1;
  const free = (from: number, to: number) => now.slice(from, to + 1).every(({ key }) => !isKept(key));
  for (let base = 0; base < top; base++) {
    for (let upper = base + 1; upper < top; upper++)
      if (free(base, upper)) found.push(committed(now, base, upper, keepsZeros));
    if (free(base, top)) found.push(committedActive(now, base));
  }
  for (let base = -1; base < top - 1; base++) {
    if (free(base + 1, top) && !protection.unpullable.has(now[top]?.key ?? '')) found.push(pulled(now, base));
  }
  return found;
}

function committed(now: readonly Small[], base: number, upper: number, keepsZeros: boolean): Done {
  const into = now[base];
  const { allocated, data } = view(now.slice(base + 1, upper + 1));
  const copied = keepsZeros ? data : allocated;
  if (into === undefined) throw new Error('There is no such layer');
  const { content } = view(now.slice(base, upper + 1));
  const merged = {
    ...into,
    allocated: into.allocated | allocated,
    data: (into.data & ~allocated) | copied,
    content,
  };
  return { layers: [...now.slice(0, base), merged, ...now.slice(upper + 1)], cost: bits(copied) };
}

function committedActive(now: readonly Small[], base: number): Done {
  const into = now[base];
  const { allocated, data } = view(now.slice(base + 1));
  if (into === undefined) throw new Error('There is no such layer');
  const { content } = view(now.slice(base));
  const merged = {
    ...into,
    allocated: into.allocated | allocated,
    data: (into.data & ~allocated) | data,
    content,
  };
  return { layers: [...now.slice(0, base), merged], cost: bits(data) };
}

function pulled(now: readonly Small[], base: number): Done {
  const active = now.at(-1);
  if (active === undefined) throw new Error('There is no such layer');
  const { allocated, data } = view(now.slice(base + 1, -1));
  const fresh = data & ~active.allocated;
  const { content } = view(now.slice(base + 1));
  const merged = { ...active, allocated: active.allocated | allocated, data: active.data | fresh, content };
  return { layers: [...now.slice(0, base + 1), merged], cost: bits(fresh) };
}

function view(layers: readonly Small[]): Omit<Small, 'key'> {
  let [allocated, data] = [0, 0];
  let content = ' '.repeat(16);
  for (const layer of layers) {
    data = (data & ~layer.allocated) | layer.data;
    allocated |= layer.allocated;
    content = [...content].map((below, at) => layer.content.charAt(at).trim() || below).join('');
  }
  return { allocated, data, content };
}

function seen(layers: readonly Small[]): string {
  return view(layers).content.replaceAll(' ', '0');
}

function bits(word: number): number {
  return word.toString(2).replaceAll('0', '').length;
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
