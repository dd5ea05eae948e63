import { type ClusterMap, marked } from '../../content/cluster-map.ts';
import { mergedMap } from '../../cost/cost.ts';
import type { Image } from '../../fleet/image.ts';

/** Subclusters of extended L2 entries. */
const SUBCLUSTERS = 32;

/**
 * Bytes that images hold and the image above them does not, so that it reads other data once they back it; `null` if that is
 * unknown.
 *
 * A pull leaves none: the image holds all that the merged ones held. Later there may be some. In a qcow2 image of version 2, QEMU has
 * no other way to note a discard than to forget the cluster, which reads as zeros only while nothing backs it; and a disk that grew
 * may end beyond an image that is longer than the old disk was.
 * @param stays whether other images back the image now, and these come in between: then their zeros count too
 */
export function hiddenBytes(
  image: Image,
  below: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  stays: boolean,
): number | null {
  const own = maps.get(image.key);
  const { virtualSize } = image;
  if (own === undefined || virtualSize === null || isCoarse(image, own)) return null;
  if (below.some(({ key, virtualSize: size }) => !maps.has(key) || size === null)) return null;
  const held = mergedMap(below, maps, virtualSize, own.clusterSize);
  const clusters = Math.ceil(virtualSize / own.clusterSize);
  const hidden = held.data.map(
    (data, word) =>
      (data | (stays ? (held.zeros[word] ?? 0) : 0)) & ~((own.data[word] ?? 0) | (own.zeros[word] ?? 0)),
  );
  let count = 0;
  for (const cluster of marked(hidden)) if (cluster < clusters) count++;
  return count * own.clusterSize;
}

/** Whether a cluster counts as held though only a part of it may be, as in the maps of very large disks. */
function isCoarse({ traits: { extendedL2, clusterSize } }: Image, map: ClusterMap): boolean {
  return extendedL2 && map.clusterSize * SUBCLUSTERS !== clusterSize;
}
