import type { Image } from '../fleet/image.ts';
import { type ClusterMap, mark, markRange } from './cluster-map.ts';

/** The most units, to limit the time: disks up to 16 GiB are counted in 4 KiB, larger disks in larger units. */
const MOST_UNITS = 2 ** 22;

/** The data and zeros of images, for a disk of `units` units of one size: a power of two, in bytes. */
export interface Grid {
  readonly unit: number;
  readonly units: number;
}

/** The content of each unit: nothing, zeros, or data. */
export interface Content {
  readonly data: Uint32Array;
  readonly zeros: Uint32Array;
}

/**
 * The grid in which clusters of all these sizes are whole. On a large disk, only clusters of the first size or
 * larger ones are.
 */
export function gridFor(size: number, [first, ...others]: readonly [number, ...number[]]): Grid {
  let unit = Math.min(first, ...others);
  while (unit < first && size / unit > MOST_UNITS) unit *= 2;
  return { unit, units: Math.ceil(size / unit) };
}

export function noContent({ units }: Grid): Content {
  const words = Math.ceil(units / 32);
  return { data: new Uint32Array(words), zeros: new Uint32Array(words) };
}

/**
 * What is read through these images, the topmost first: each unit comes from the first image that has data or zeros
 * there. Beyond its end an image reads as zeros, whatever is below; `holdsBeyondEnd` says for which images that
 * counts.
 */
export function readThrough(
  grid: Grid,
  images: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  holdsBeyondEnd: (image: Image) => boolean = () => true,
): Content {
  const seen = noContent(grid);
  for (const image of images) {
    const map = maps.get(image.key);
    if (map === undefined) throw new Error(`There is no map of ${image.key}`);
    const data = regrid(map.data, map.clusterSize, grid);
    const zeros = regrid(map.zeros, map.clusterSize, grid);
    const end = Math.ceil((image.virtualSize ?? Number.POSITIVE_INFINITY) / grid.unit);
    if (end < grid.units && holdsBeyondEnd(image)) {
      const own = zeros === map.zeros ? zeros.slice() : zeros;
      markRange(own, end, grid.units);
      put(seen, data, own);
    } else put(seen, data, zeros);
  }
  clip(seen.data, grid.units);
  clip(seen.zeros, grid.units);
  return seen;
}

function put({ data, zeros }: Content, ownData: Uint32Array, ownZeros: Uint32Array): void {
  for (let word = 0; word < data.length; word++) {
    const open = ~((data[word] ?? 0) | (zeros[word] ?? 0));
    const found = (ownData[word] ?? 0) & open;
    data[word] = (data[word] ?? 0) | found;
    zeros[word] = (zeros[word] ?? 0) | ((ownZeros[word] ?? 0) & open & ~found);
  }
}

/** The same bits in units of another size. A larger unit is set if one bit within it is. */
export function regrid(bits: Uint32Array, from: number, { unit, units }: Grid): Uint32Array {
  const words = Math.ceil(units / 32);
  if (from === unit) {
    if (bits.length === words) return bits;
    const same = new Uint32Array(words);
    same.set(bits.subarray(0, words));
    return same;
  }
  const out = new Uint32Array(words);
  const shift = Math.abs(Math.log2(unit / from));
  for (let word = 0; word < bits.length; word++) {
    const whole = bits[word] ?? 0;
    if (whole === 0) continue;
    if (unit > from && shift >= 5) mark(out, word >>> (shift - 5));
    else if (whole === 0xffff_ffff && unit < from) spread(out, word * 32, 32, shift, units);
    else {
      for (let left = whole; left !== 0; left &= left - 1) {
        const at = word * 32 + 31 - Math.clz32(left & -left);
        if (unit > from) mark(out, at >>> shift);
        else spread(out, at, 1, shift, units);
      }
    }
  }
  clip(out, units);
  return out;
}

function spread(out: Uint32Array, first: number, count: number, shift: number, units: number): void {
  markRange(out, first * 2 ** shift, Math.min(units, (first + count) * 2 ** shift));
}

function clip(bits: Uint32Array, units: number): void {
  const last = units >>> 5;
  if (last < bits.length) bits[last] = (bits[last] ?? 0) & (2 ** (units & 31) - 1);
  bits.fill(0, last + 1);
}

// A loop, because a function call for every word would take most of the time of a plan of a deep chain.

export function either(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = a.slice();
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) out[at] = (a[at] ?? 0) | (b[at] ?? 0);
  return out;
}

export function both(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(a.length);
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) out[at] = (a[at] ?? 0) & (b[at] ?? 0);
  return out;
}

/** Those of `a` that are not in `b`. */
export function without(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = a.slice();
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) out[at] = (a[at] ?? 0) & ~(b[at] ?? 0);
  return out;
}

/** Those of the first `units` that are not in `a`. */
export function complement(a: Uint32Array, units: number): Uint32Array {
  const out = new Uint32Array(a.length);
  for (let at = 0; at < a.length; at++) out[at] = ~(a[at] ?? 0);
  clip(out, units);
  return out;
}

/** All bits within `reach` of one of `bits`. */
export function near(bits: Uint32Array, reach: number, units: number): Uint32Array {
  const out = new Uint32Array(bits.length);
  let end = 0;
  for (let word = 0; word < bits.length; word++) {
    for (let left = bits[word] ?? 0; left !== 0; left &= left - 1) {
      const at = word * 32 + 31 - Math.clz32(left & -left);
      const from = Math.max(end, at - reach, 0);
      end = Math.min(units, at + reach + 1);
      markRange(out, from, end);
    }
  }
  return out;
}
