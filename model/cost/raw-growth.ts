import { type ClusterMap, countMarked } from '../content/cluster-map.ts';
import { both, type Grid, noContent, regrid, without } from '../content/grid.ts';
import type { Image } from '../fleet/image.ts';
import { BLOCK, between, type Prediction } from './prediction.ts';

/**
 * What a raw image grows by, in blocks of the file system.
 * @param zeros what is written as zeros: their space is usually freed, but a file system may set some aside instead
 */
export function rawGrowth(
  into: Image,
  maps: ReadonlyMap<string, ClusterMap>,
  target: Grid,
  data: Uint32Array,
  zeros: Uint32Array,
): Prediction {
  const map = maps.get(into.key);
  const own = map === undefined ? noContent(target).data : regrid(map.data, map.clusterSize, target);
  const known = countMarked(own) * BLOCK;
  // Space that was set aside, or that a part of a block takes, is not in the map.
  const unmapped = Math.max(0, (into.allocated ?? known) - known);
  const fresh = countMarked(without(data, own)) * BLOCK;
  const punched = countMarked(both(zeros, own)) * BLOCK;
  const most = fresh + countMarked(without(without(zeros, data), own)) * BLOCK;
  return between(fresh - unmapped - punched, Math.max(0, fresh - punched), most);
}
