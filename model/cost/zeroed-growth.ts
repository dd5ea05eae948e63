import { bitsIn, countMarked } from '../content/cluster-map.ts';
import { both, without } from '../content/grid.ts';
import { growthOf, type Range, type TargetLayout, type Writes } from '../content/target-layout.ts';
import type { ZeroRules } from './zero-rules.ts';

/**
 * What a qcow2 file grows by, bytes on its file system, if zeros replace data that it has. It may shrink, but only after
 * it has grown: the most is what it grows by before any room is free.
 * @param replaced clusters that become zeros as a whole
 */
export function zeroedGrowth(
  layout: TargetLayout,
  writes: Writes,
  replaced: Uint32Array,
  room: ZeroRules['room'],
): Range {
  const { clusterSize, placed, compressed } = layout;
  const { least, likely, most } = growthOf(layout, writes);
  const freed = without(both(placed, replaced), writes.data);
  // Many compressed clusters may share one of the file.
  const packed = countMarked(without(both(compressed, replaced), writes.data)) * clusterSize;
  const all = countMarked(freed) * clusterSize;
  switch (room) {
    case 'given-back':
      return { least: least - all - packed, likely: likely - all, most };
    case 'reused': {
      const reused = freedBefore(freed, without(writes.data, placed)) * clusterSize;
      return { least: least - all - packed, likely: likely - Math.round(reused / 2), most };
    }
    case 'kept':
      return { least: least - packed, likely, most };
  }
}

/**
 * How many of the needed clusters reuse one that was freed before, in the order of the disk. QEMU has much in
 * flight at once and needs space for a whole run: in tests it reused all, none, or some.
 */
function freedBefore(freed: Uint32Array, wanted: Uint32Array): number {
  let [free, reused] = [0, 0];
  for (let word = 0; word < freed.length; word++) {
    free += bitsIn(freed[word] ?? 0);
    const found = Math.min(free, bitsIn(wanted[word] ?? 0));
    free -= found;
    reused += found;
  }
  return reused;
}
