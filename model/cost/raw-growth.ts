import { type ClusterMap, countMarked } from '../content/cluster-map.ts';
import { both, type Content, type Grid, noContent, regrid, without } from '../content/grid.ts';
import type { Image } from '../fleet/image.ts';
import { BLOCK, between, type Prediction } from './prediction.ts';
import type { ZeroRules } from './zero-rules.ts';

/**
 * What a raw image grows by, in blocks of the file system.
 * @param zeros what is written as zeros
 * @param room of zeros: it is usually given back, but a file system may set some aside instead; or zeros take as much as data
 */
export function rawGrowth(
  into: Image,
  maps: ReadonlyMap<string, ClusterMap>,
  target: Grid,
  { data, zeros }: Content,
  room: ZeroRules['room'],
): Prediction {
  const map = maps.get(into.key);
  const own = map === undefined ? noContent(target).data : regrid(map.data, map.clusterSize, target);
  const known = countMarked(own) * BLOCK;
  // Space that was set aside, or that a part of a block takes, is not in the map.
  const unmapped = Math.max(0, (into.allocated ?? known) - known);
  const fresh = countMarked(without(data, own)) * BLOCK;
  const punched = countMarked(without(both(zeros, own), data)) * BLOCK;
  const most = fresh + countMarked(without(without(zeros, data), own)) * BLOCK;
  if (room !== 'given-back') return between(fresh - unmapped, most, most);
  return between(fresh - unmapped - punched, Math.max(0, fresh - punched), most);
}
