import type { Image } from '../fleet/image.ts';
import type { CheckpointOutcome } from './checkpoint-change.ts';
import type { DataMove } from './kind.ts';
import { imageOf, type PlanOf } from './plan.ts';

/** Of a step that touches no bitmap. */
export const keepsBitmaps = (): CheckpointOutcome => 'kept';

/** Of a pull, into an image that is active and was made to have bitmaps, unless its header says otherwise. */
export function pullsBitmaps(plan: PlanOf, { moved, into }: Merge): CheckpointOutcome {
  if (!moved.some((key) => mayHaveBitmaps(plan, key))) return 'kept';
  return canHaveBitmaps(imageOf(plan, into ?? '')) === false ? 'lost' : 'merged';
}

/** Of a commit. libvirt sees that the active image has no bitmap, and not that one between others has lost its own. */
export function commitsBitmaps(plan: PlanOf, { moved, into }: Merge, isActive: boolean): CheckpointOutcome {
  if (!moved.some((key) => mayHaveBitmaps(plan, key))) return 'kept';
  const can = canHaveBitmaps(imageOf(plan, into ?? ''));
  if (can === null) return 'unsure';
  return can ? 'merged' : isActive ? 'lost' : 'broken';
}

/** Of a step that pivots the guest to a copy, which was made for it. @param key of the copy */
export function copiesBitmaps(plan: PlanOf, key: string): CheckpointOutcome {
  return canHaveBitmaps(imageOf(plan, key)) === false ? 'lost' : 'kept';
}

type Merge = Pick<DataMove, 'moved' | 'into'>;

/** `null` if nobody knows. */
function canHaveBitmaps(image: Image | null): boolean | null {
  if (image === null || image.format === null) return null;
  if (image.format !== 'qcow2') return false;
  return image.traits.version === null ? null : image.traits.version > 2;
}

/** The header of an image that is active now names no bitmap that QEMU made since it opened the image. */
function mayHaveBitmaps(plan: PlanOf, key: string): boolean {
  const image = imageOf(plan, key);
  if (image === null || plan.disks.some(({ now }) => now.images[0]?.key === key)) return true;
  if (canHaveBitmaps(image) === false) return false;
  return !image.traits.known || image.traits.bitmaps;
}
