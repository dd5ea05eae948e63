import { describe, expect, test } from 'vitest';
import type { Image } from '../fleet/image.ts';
import { imageAt } from '../testing.ts';
import { type ClusterMap, emptyMap, isMarked, mark } from './cluster-map.ts';
import { type CrossSection, crossSection, MOST_BUCKETS } from './cross-section.ts';

interface Layer {
  readonly image: Image;
  readonly map: ClusterMap | null;
}

const KIB = 1024;

function layerWith(
  name: string,
  virtualSize: number,
  clusterSize: number,
  data: number[],
  zeros: number[] = [],
) {
  const map = emptyMap(virtualSize, clusterSize);
  for (const cluster of data) mark(map.data, cluster);
  for (const cluster of zeros) mark(map.zeros, cluster);
  return { image: imageAt(name, { virtualSize }), map };
}

function sectionOf(layers: readonly Layer[], wanted: number): CrossSection {
  const known = layers.flatMap(({ image, map }) => (map === null ? [] : [[image.key, map] as const]));
  return crossSection(
    layers.map(({ image }) => image),
    new Map(known),
    wanted,
  );
}

/** The same, sector by sector, as somebody would who has never heard of bit maps. */
function naive(layers: readonly Layer[], size: number, bucketSize: number) {
  const unit = Math.min(...layers.map(({ map }) => map?.clusterSize ?? size));
  const sums = layers.map(() => ({ read: [] as number[], zeros: [] as number[], hidden: [] as number[] }));
  for (let at = 0; at < size; at += 512) {
    const bucket = Math.floor(at / bucketSize);
    for (const kinds of sums) for (const kind of Object.values(kinds)) kind[bucket] ??= 0;
    let covered = false;
    layers.forEach(({ image, map }, position) => {
      if (map === null) return;
      const cluster = Math.floor(at / map.clusterSize);
      const end = image.virtualSize ?? 0;
      // Where an image ends within a unit, the rest of that unit is as its beginning.
      const marked = isMarked(map.data, cluster) && at < Math.ceil(end / unit) * unit;
      const blank = isMarked(map.zeros, cluster) || at >= Math.ceil(end / unit) * unit;
      const data = marked && at < end;
      const isBase = position === layers.length - 1;
      // A base that holds zeros holds nothing, and nobody does beyond its end.
      const isBlank = blank && !marked && !isBase && (!covered || at < end);
      const kind = data || (isBlank && covered) ? (covered ? 'hidden' : 'read') : isBlank ? 'zeros' : null;
      const sum = kind && sums[position]?.[kind];
      if (sum) sum[bucket] = (sum[bucket] ?? 0) + 512;
      covered ||= marked || blank;
    });
  }
  return sums;
}

test('the data of the active image is read, and hides what is below', () => {
  const section = sectionOf(
    [
      layerWith('active', 512 * KIB, 64 * KIB, [1]),
      layerWith('middle', 512 * KIB, 64 * KIB, [1, 2], [5]),
      layerWith('base', 512 * KIB, 64 * KIB, [0, 1, 5]),
    ],
    8,
  );
  expect(section).toMatchObject({ size: 512 * KIB, bucketSize: 64 * KIB, buckets: 8 });
  const inKib = (sums: Float64Array | undefined) => Array.from(sums ?? [], (bytes) => bytes / KIB);
  const [active, middle, base] = section.layers;
  expect(inKib(active?.holds?.read)).toEqual([0, 64, 0, 0, 0, 0, 0, 0]);
  expect(inKib(middle?.holds?.read)).toEqual([0, 0, 64, 0, 0, 0, 0, 0]);
  expect(inKib(middle?.holds?.hidden)).toEqual([0, 64, 0, 0, 0, 0, 0, 0]);
  expect(inKib(middle?.holds?.zeros)).toEqual([0, 0, 0, 0, 0, 64, 0, 0]);
  expect(inKib(base?.holds?.read)).toEqual([64, 0, 0, 0, 0, 0, 0, 0]);
  expect(inKib(base?.holds?.hidden)).toEqual([0, 64, 0, 0, 0, 64, 0, 0]);
});

test('regression: zeros that an image above hides were counted for no image', () => {
  const { layers } = sectionOf(
    [
      layerWith('active', 256 * KIB, 64 * KIB, [0, 1]),
      layerWith('middle', 256 * KIB, 64 * KIB, [], [1, 2]),
      layerWith('base', 256 * KIB, 64 * KIB, [3]),
    ],
    4,
  );
  expect(layers[1]?.holds?.hidden).toEqual(Float64Array.of(0, 64 * KIB, 0, 0));
  expect(layers[1]?.holds?.zeros).toEqual(Float64Array.of(0, 0, 64 * KIB, 0));
});

test('the content of an image that could not be inspected is unknown, and below it nothing is certain', () => {
  const unknown = { image: imageAt('middle', { virtualSize: 128 * KIB }), map: null };
  const { layers } = sectionOf(
    [layerWith('active', 128 * KIB, 64 * KIB, [0]), unknown, layerWith('base', 128 * KIB, 64 * KIB, [0, 1])],
    2,
  );
  expect(layers.map(({ holds, doubtful }) => [holds === null, doubtful])).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
  expect(layers[2]?.holds?.read).toEqual(Float64Array.of(0, 64 * KIB));
});

test.each([
  { what: 'no image', layers: [] },
  { what: 'an image that could not be read', layers: [{ image: imageAt('active'), map: null }] },
  { what: 'a disk without a size', layers: [layerWith('active', 0, 65536, [])] },
])('there is a section of $what', ({ layers }) => {
  const section = sectionOf(layers, MOST_BUCKETS);
  expect(section.layers).toHaveLength(layers.length);
  expect(section.buckets * section.bucketSize).toBeGreaterThanOrEqual(section.size);
});

test('of a disk of 64 TiB there are no more buckets than a screen can draw', () => {
  const image = imageAt('active', { virtualSize: 64 * 2 ** 40 });
  const map = {
    clusterSize: 2 ** 21,
    data: new Uint32Array(2 ** 20).fill(1),
    zeros: new Uint32Array(2 ** 20),
  };
  const section = sectionOf([{ image, map }], 1e6);
  expect(section.buckets).toBeLessThanOrEqual(MOST_BUCKETS);
  const read = [...(section.layers[0]?.holds?.read ?? [])];
  expect(read.reduce((sum, bytes) => sum + bytes, 0)).toBe(2 ** 41);
});

describe('random chains', () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed + 1))('%i: as sector by sector', (seed) => {
    const random = randomFrom(seed);
    const pick = (...choices: readonly number[]) => choices[Math.floor(random() * choices.length)] ?? 0;
    const clusters = random() < 0.5 ? [4 * KIB] : [4 * KIB, 16 * KIB, 64 * KIB];
    const size = pick(300, 512, 1000.5, 2052) * KIB;
    const layers = Array.from({ length: pick(1, 2, 3, 6) }, (_, position): Layer => {
      const image = imageAt(`${position}`, {
        virtualSize: position === 0 || random() < 0.7 ? size : pick(64, 250.5, 4096) * KIB,
      });
      const map = emptyMap(image.virtualSize ?? 0, pick(...clusters));
      const [share, blank] = [random(), random() / 2];
      const count = Math.ceil((image.virtualSize ?? 0) / map.clusterSize);
      for (let cluster = 0; cluster < count; cluster++) {
        if (random() < share) mark(map.data, cluster);
        else if (random() < blank) mark(map.zeros, cluster);
      }
      return { image, map: position > 0 && random() < 0.1 ? null : map };
    });
    const section = sectionOf(layers, pick(1, 7, 64, 500, MOST_BUCKETS));
    const found = section.layers.map(
      ({ holds }) => holds && { read: [...holds.read], zeros: [...holds.zeros], hidden: [...holds.hidden] },
    );
    const expected = naive(layers, size, section.bucketSize);
    expect(found).toEqual(expected.map((sums, i) => (layers[i]?.map === null ? null : sums)));
  });
});

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
