import type { Chain } from '../../../model/fleet/chain.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { isStale, recordsOn, type SnapshotRecord } from '../../../model/fleet/snapshot-record.ts';
import type { Picked } from '../../address/picked.ts';
import type { Outcome } from '../../chain/outcome.ts';

export interface Remarks {
  readonly chain: Chain;
  readonly target: string;
  readonly records: readonly SnapshotRecord[];
  /** Keys of the images where other disks join. */
  readonly joined: ReadonlySet<string>;
  /** Key of the image picked as the base. */
  readonly base: Picked;
  /** The outcomes of the images. */
  readonly outcome: ReadonlyMap<string, Outcome>;
}

/** The most images with a record that are always shown; with more, only those with a stale record are. */
const MANY_RECORDS = 4;

/** Keys of the images that a deep chain always shows; what is between them may fold. */
export function remarkable({ chain, target, records, joined, base, outcome }: Remarks): ReadonlySet<string> {
  const { images } = chain;
  const kept = new Set<string>();
  images.forEach((image, position) => {
    const neighbours = [images[position - 1], images[position + 1]].filter((other) => other !== undefined);
    const near = [image, ...neighbours].some(({ key }) => key === base);
    // All images of a fold have one outcome. An image that receives data is always shown, and ends a run by itself.
    const own = outcome.get(image.key);
    const turn = neighbours.some(({ key }) => ![own, 'receives'].includes(outcome.get(key)));
    if (neighbours.length < 2 || near || turn || own === 'receives' || joined.has(image.key) || isOdd(image))
      kept.add(image.key);
  });
  const recorded = images.filter((image) => recordsOn(records, target, image.key).length > 0);
  for (const image of recorded) {
    const stale = recordsOn(records, target, image.key).some((record) =>
      isStale(record, [diskWith(target, chain)]),
    );
    if (recorded.length <= MANY_RECORDS || stale) kept.add(image.key);
  }
  return kept;
}

function isOdd({ missing, traits }: Image): boolean {
  return missing || traits.internalSnapshots > 0 || traits.dataFile || traits.encrypted || traits.extendedL2;
}

function diskWith(target: string, chain: Chain) {
  return { target, device: 'disk', readOnly: false, chain, problem: null, job: null } as const;
}
