import type { Chain } from '../../../model/fleet/chain.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { isLost, type Recorded, recordStates } from '../../../model/fleet/record-state.ts';
import { recordsOn } from '../../../model/fleet/snapshot-record.ts';
import type { Picked } from '../../address/picked.ts';
import type { Outcome } from '../../chain/outcome.ts';

export interface Remarks {
  readonly chain: Chain;
  readonly target: string;
  readonly recorded: Recorded;
  /** Keys of the images where other disks join. */
  readonly joined: ReadonlySet<string>;
  /** Key of the image picked as the base. */
  readonly base: Picked;
  /** The outcomes of the images. */
  readonly outcome: ReadonlyMap<string, Outcome>;
}

/** The most images with a record that are always shown; with more, only those with a lost record are. */
const MANY_RECORDS = 4;

/** Keys of the images that a deep chain always shows; what is between them may fold. */
export function remarkable({ chain, target, recorded, joined, base, outcome }: Remarks): ReadonlySet<string> {
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
  const states = recordStates(recorded, target);
  const frozen = images.filter((image) => recordsOn(recorded.records, target, image.key).length > 0);
  for (const image of frozen) {
    const lost = recordsOn(recorded.records, target, image.key).some(({ name }) =>
      isLost(states.get(name) ?? 'unknown'),
    );
    if (frozen.length <= MANY_RECORDS || lost) kept.add(image.key);
  }
  return kept;
}

function isOdd({ missing, traits }: Image): boolean {
  return missing || traits.internalSnapshots > 0 || traits.dataFile || traits.encrypted || traits.extendedL2;
}
