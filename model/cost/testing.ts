import { type ClusterMap, emptyMap, mark } from '../content/cluster-map.ts';
import { newLayout, type TargetLayout } from '../content/target-layout.ts';
import type { Image } from '../fleet/image.ts';
import { imageAt, QCOW2 } from '../testing.ts';
import type { PredictionFacts } from './prediction.ts';
import type { ZeroRules } from './zero-rules.ts';

const CLUSTER = 65536;
/** Of Debian 12, with `discard='unmap'`. */
const RULES: ZeroRules = { committed: false, room: 'given-back', skipped: false, fine: false };

export interface Contents {
  readonly data?: readonly number[];
  readonly zeros?: readonly number[];
  readonly clusterSize?: number;
  readonly raw?: boolean;
}

/** A chain of disks of this size, from the active image down, of images that hold these clusters. */
export function rigOf(size: number, contents: readonly Contents[], changes: Partial<TargetLayout> = {}) {
  const maps = new Map<string, ClusterMap>();
  const layouts = new Map<string, TargetLayout>();
  const images = contents.map(({ data = [], zeros = [], clusterSize = CLUSTER, raw = false }, i): Image => {
    const key = `/${i}`;
    const map = emptyMap(size, raw ? 4096 : clusterSize);
    for (const cluster of data) mark(map.data, cluster);
    for (const cluster of zeros) mark(map.zeros, cluster);
    maps.set(key, map);
    if (!raw) layouts.set(key, { ...layoutWith(size, map, data), ...changes });
    const traits = raw ? { ...QCOW2, clusterSize: null } : { ...QCOW2, clusterSize };
    const allocated = raw ? data.length * 4096 : layouts.get(key)?.allocated;
    return imageAt(key, {
      virtualSize: size,
      format: raw ? 'raw' : 'qcow2',
      traits,
      allocated: allocated ?? 0,
    });
  });
  const facts: PredictionFacts = { maps, layouts, guestRuns: true, zeros: [RULES] };
  return { chain: { images }, facts };
}

/** With a table where there is data, as QEMU would have made it. */
function layoutWith(
  size: number,
  { clusterSize, data }: ClusterMap,
  clusters: readonly number[],
): TargetLayout {
  const fresh = newLayout(size, clusterSize, false);
  const tables = new Uint32Array(Math.ceil(fresh.l1Entries / 32));
  for (const cluster of clusters) mark(tables, Math.floor(cluster / fresh.perTable));
  const made = new Set(clusters.map((cluster) => Math.floor(cluster / fresh.perTable))).size;
  const end = fresh.end + clusters.length + made;
  return { ...fresh, placed: data, tables, end, allocated: end * clusterSize };
}
