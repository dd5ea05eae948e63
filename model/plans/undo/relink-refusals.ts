import type { ClusterMap } from '../../content/cluster-map.ts';
import { activeOf, isOf } from '../../fleet/chain.ts';
import type { Dependents } from '../../fleet/dependents.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { type Image, imageName } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { type OfflineFacts, offlineRefusals } from '../fixes/offline-refusals.ts';
import { silentRefusals } from '../shared-refusals.ts';
import { hiddenBytes } from './hidden-bytes.ts';
import { broughtBack, type RelinkStep } from './relink-step.ts';

/** The images that come back and all below them, as their headers lead to each other now. */
export interface OldImages {
  readonly images: readonly Image[];
  /** Why they could not be followed to the end; `null` if they were. */
  readonly problem: Problem | null;
  /** The last write to each, milliseconds since 1970, by key. Left out where it is unknown. */
  readonly writtenAt: Readonly<Record<string, number>>;
}

/** What is known when an old backing image is to be named again. */
export interface RelinkFacts extends OfflineFacts {
  /** Whether libvirt keeps the guest's memory, which fits only the present images. */
  readonly savedState: boolean;
  /** `null` if they were not looked for, since something else is in the way. */
  readonly old: OldImages | null;
  /** Allocation maps of the active image and of those that come back, by key. */
  readonly maps: ReadonlyMap<string, ClusterMap>;
  /** What else depends on the images that come back. As users it has only those that write to them, or may. */
  readonly others: Dependents;
}

/**
 * Why an active image must not name its old backing image again. It is asked when the plan is made, and again right before the
 * header is written.
 */
export function relinkRefusals(
  guest: Guest,
  disk: Disk,
  step: RelinkStep,
  facts: RelinkFacts,
): readonly Problem[] {
  const active = activeOf(disk.chain ?? { images: [] });
  if (!facts.local) return [problem('UNDO_OUT_OF_REACH')];
  if (active !== null && !isOf(disk.chain, step.before)) {
    return [problem('UNDO_CHAIN_CHANGED', { target: step.target })];
  }
  const offline = offlineRefusals(guest, active ?? undefined, facts);
  if (active === null || offline.length > 0) return offline;
  if (facts.savedState) return [problem('SAVED_STATE', { guest: guest.name })];
  if (disk.problem !== null) return [disk.problem];
  const image = imageName(active);
  if (active.traits.internalSnapshots > 0) return [problem('UNDO_INTERNAL_SNAPSHOTS', { image })];
  if (!active.traits.known || active.traits.encrypted) return [problem('UNDO_UNKNOWN', { image })];
  return oldRefusals(active, step, facts);
}

/** The images that come back have to be what they were, stay so, and hold nothing that the active image does not hold itself. */
function oldRefusals(
  active: Image,
  step: RelinkStep,
  { old, maps, others }: RelinkFacts,
): readonly Problem[] {
  const [, top = ''] = step.after;
  if (old === null) return [problem('UNDO_UNKNOWN', { image: top })];
  const gone = old.images.find(({ missing }) => missing);
  if (gone !== undefined) return [problem('UNDO_IMAGE_GONE', { image: gone.key })];
  if (old.problem !== null) return [old.problem];
  if (!isOf(old, step.after.slice(1))) return [problem('UNDO_LEADS_ELSEWHERE', { image: top })];
  const back = old.images.slice(0, broughtBack(step).length);
  return [
    ...back.flatMap((one) => writtenRefusals(one, step, old)),
    ...silentRefusals(others),
    ...back.flatMap(({ key: image }) => [
      ...usedBy(image, others.users, 'UNDO_IMAGE_USED'),
      ...usedBy(image, others.lost, 'USERS_ON_LOST_HOST'),
    ]),
    ...hiddenRefusals(active, back, maps, step),
  ];
}

/** What can't be read, such as the last write to a block device, is unknown. */
function writtenRefusals(
  { key: image, virtualSize }: Image,
  { since }: RelinkStep,
  { writtenAt }: OldImages,
): readonly Problem[] {
  const at = writtenAt[image];
  if (at === undefined || virtualSize === null) return [problem('UNDO_UNKNOWN', { image })];
  return at > since ? [problem('UNDO_IMAGE_WRITTEN', { image })] : [];
}

function usedBy(
  image: string,
  users: Dependents['users'],
  code: 'UNDO_IMAGE_USED' | 'USERS_ON_LOST_HOST',
): readonly Problem[] {
  const names = users
    .filter((user) => user.image === image)
    .map(({ guestName, target }) => `${guestName} (${target})`);
  return names.length === 0 ? [] : [problem(code, { image, guests: names.join(', ') })];
}

function hiddenRefusals(
  active: Image,
  back: readonly Image[],
  maps: ReadonlyMap<string, ClusterMap>,
  { before }: RelinkStep,
): readonly Problem[] {
  const image = imageName(active);
  const hidden = hiddenBytes(active, back, maps, before.length > 1);
  if (hidden === null) return [problem('UNDO_UNKNOWN', { image })];
  return hidden === 0 ? [] : [problem('UNDO_SHOWS_OLD', { image, hidden })];
}
