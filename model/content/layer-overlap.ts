import { addBits, bitsIn, type ClusterMap, emptyMap, markRange } from './cluster-map.ts';

/** The content of one image of a chain. */
export interface Layer {
  readonly map: ClusterMap;
  /** Bytes. */
  readonly virtualSize: number;
}

/** How the layers of a chain overlap, bytes. Layers are counted up from the base, which is 0. */
export interface Overlap {
  /** Data of each layer that no layer above hides. */
  readonly visible: readonly number[];
  /** What a commit of the layers above `lowest` up to and including `highest` into `lowest` copies. */
  committed(lowest: number, highest: number): number;
}

/** Words of a bit map. */
const BLOCK = 1024;

/**
 * The most units if clusters differ in size and maps have to be converted. Larger disks are counted in larger
 * units.
 */
const MOST_UNITS = 2 ** 22;

/**
 * One pass over all maps, a word of each at a time. Clusters of different sizes are counted in the smallest. On a
 * large disk they are counted in a larger unit, which is set if a part of it is.
 * @param keepsZeros whether a commit copies only the data that is read through its layers, else their zeros too
 */
export function overlapOf(layers: readonly Layer[], keepsZeros: boolean): Overlap {
  const { unit, words, maps } = onOneGrid(layers);
  const count = layers.length;
  const visible = new Float64Array(count);
  // What `upper` adds to a commit into `lowest`, as differences between neighbours in `lowest`.
  const added = new Float64Array((count + 1) * count);
  // One block of the maps at a time, each in one array, so that it fits the processor's caches.
  const blockData = new Int32Array(count * BLOCK);
  const blockZeros = new Int32Array(count * BLOCK);
  const described = new Int32Array(count);
  const data = new Int32Array(count);
  const index = new Int32Array(count);
  for (let first = 0; first < words; first += BLOCK) {
    const length = Math.min(BLOCK, words - first);
    maps.forEach((map, layer) => {
      copyBlock(blockData, layer * BLOCK, map.data, first);
      copyBlock(blockZeros, layer * BLOCK, map.zeros, first);
    });
    for (let word = 0; word < length; word++) {
      let some = 0;
      for (let layer = 0, at = word; layer < count; layer++, at += BLOCK) {
        const own = blockData[at] ?? 0;
        const all = own | (blockZeros[at] ?? 0);
        if (all === 0) continue;
        described[some] = all;
        data[some] = own;
        index[some++] = layer;
      }
      for (let at = some - 1, hidden = 0; at >= 0; at--) {
        const seen = (data[at] ?? 0) & ~hidden;
        const layer = index[at] ?? 0;
        if (seen !== 0) visible[layer] = (visible[layer] ?? 0) + bitsIn(seen);
        hidden |= described[at] ?? 0;
      }
      for (let from = 0; from < some; from++) {
        const start = from === 0 ? 0 : (index[from - 1] ?? 0) * count;
        const end = (index[from] ?? 0) * count;
        if (start === end) continue;
        for (let at = from, copied = 0; at < some && (keepsZeros || copied !== -1); at++) {
          const own = keepsZeros ? (data[at] ?? 0) : (described[at] ?? 0);
          const fresh = own & ~copied;
          // Zeros hide the data below them.
          const hidden = copied & (described[at] ?? 0) & ~own;
          if ((fresh | hidden) === 0) continue;
          const bits = bitsIn(fresh) - bitsIn(hidden);
          const upper = index[at] ?? 0;
          added[start + upper] = (added[start + upper] ?? 0) + bits;
          added[end + upper] = (added[end + upper] ?? 0) - bits;
          copied = (copied | fresh) & ~hidden;
        }
      }
    }
  }
  for (let at = count; at < added.length; at++) added[at] = (added[at] ?? 0) + (added[at - count] ?? 0);
  return {
    visible: Array.from(visible, (units) => units * unit),
    committed(lowest, highest) {
      let units = 0;
      for (let upper = lowest + 1; upper <= highest; upper++) units += added[lowest * count + upper] ?? 0;
      return units * unit;
    },
  };
}

function copyBlock(into: Int32Array, at: number, from: Uint32Array, first: number): void {
  const words = from.subarray(first, first + BLOCK);
  into.set(words, at);
  if (words.length < BLOCK) into.fill(0, at + words.length, at + BLOCK);
}

function onOneGrid(layers: readonly Layer[]): { unit: number; words: number; maps: readonly ClusterMap[] } {
  const size = Math.max(0, ...layers.map(({ virtualSize }) => virtualSize));
  const sizes = layers.map(({ map }) => map.clusterSize);
  let unit = Math.min(...sizes);
  while (unit < Math.max(...sizes) && size / unit > MOST_UNITS) unit *= 2;
  const units = Math.ceil(size / unit);
  const maps = layers.map(({ map, virtualSize }) => {
    if (map.clusterSize === unit && virtualSize === size) return map;
    const own = emptyMap(size, unit);
    addBits(own.data, unit, map.data, map.clusterSize, units);
    addBits(own.zeros, unit, map.zeros, map.clusterSize, units);
    // Beyond the end of a shorter image the guest reads zeros, whatever is below.
    markRange(own.zeros, Math.ceil(virtualSize / unit), units);
    return own;
  });
  return { unit, words: Math.ceil(units / 32), maps };
}
