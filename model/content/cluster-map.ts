/**
 * Which clusters of its virtual disk an image has itself; the guest reads all others from its backing image.
 * One bit a cluster, the lowest bit of each word first.
 */
export interface ClusterMap {
  /** Bytes, a power of two. */
  readonly clusterSize: number;
  /** Clusters with data, plain or compressed. */
  readonly data: Uint32Array;
  /** Clusters that read as zeros and take no space. */
  readonly zeros: Uint32Array;
}

/** An empty map of a disk of this many bytes. */
export function emptyMap(virtualSize: number, clusterSize: number): ClusterMap {
  const words = Math.ceil(virtualSize / clusterSize / 32);
  return { clusterSize, data: new Uint32Array(words), zeros: new Uint32Array(words) };
}

export function mark(bits: Uint32Array, cluster: number): void {
  const word = cluster >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (cluster & 31));
}

export function isMarked(bits: Uint32Array, cluster: number): boolean {
  return ((bits[cluster >>> 5] ?? 0) & (1 << (cluster & 31))) !== 0;
}

export function markRange(bits: Uint32Array, first: number, end: number): void {
  for (let at = first; at < end; at++) {
    if ((at & 31) === 0 && at + 32 <= end) {
      bits[at >>> 5] = 0xffff_ffff;
      at += 31;
    } else mark(bits, at);
  }
}

/** Adds to `into` every cluster that overlaps one of `from`. Clusters beyond the end of `into` are left out. */
export function addBits(
  into: Uint32Array,
  intoCluster: number,
  from: Uint32Array,
  fromCluster: number,
  clusters: number,
): void {
  if (fromCluster === intoCluster && from.length <= into.length) {
    for (let word = 0; word < from.length; word++) into[word] = (into[word] ?? 0) | (from[word] ?? 0);
    return;
  }
  const ratio = fromCluster / intoCluster;
  for (const cluster of marked(from)) {
    const first = Math.floor(cluster * ratio);
    const end = Math.min(clusters, Math.max(first + 1, (cluster + 1) * ratio));
    for (let at = first; at < end; at++) mark(into, at);
  }
}

/** The clusters whose bit is set, in order. */
export function* marked(bits: Uint32Array): Generator<number> {
  for (let word = 0; word < bits.length; word++) {
    for (let left = bits[word] ?? 0; left !== 0; left &= left - 1) {
      yield word * 32 + (31 - Math.clz32(left & -left));
    }
  }
}

export function isEmpty(bits: Uint32Array): boolean {
  for (let word = 0; word < bits.length; word++) if (bits[word] !== 0) return false;
  return true;
}

/** How many bits are set. */
export function countMarked(bits: Uint32Array): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) count += bitsIn(bits[at] ?? 0);
  return count;
}

/** How many bits of one word are set. */
export function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
