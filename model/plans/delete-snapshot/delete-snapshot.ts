import { mostCommitted } from '../../cost/commit-cost.ts';
import { predictCommit } from '../../cost/commit-prediction.ts';
import { predictActiveCommit } from '../../cost/mirror-prediction.ts';
import { predictionFacts } from '../../cost/prediction.ts';
import { type Chain, keys, positionOf } from '../../fleet/chain.ts';
import type { Dependents } from '../../fleet/dependents.ts';
import type { FreeSpace } from '../../fleet/free-space.ts';
import { type Guest, isActive } from '../../fleet/guest.ts';
import { type Image, imageName } from '../../fleet/image.ts';
import { lineOf } from '../../fleet/snapshot-record.ts';
import { type Problem, problem } from '../../problem.ts';
import { startRefusals } from '../depth-refusals.ts';
import { imageWarnings, spaceRefusals, spaceWarnings } from '../image-warnings.ts';
import type { ActionKind } from '../kind.ts';
import { runRefusals } from '../merge-down.ts';
import { type Cost, type ImageCost, NO_COST, type PlanFacts, type PlanOf } from '../plan.ts';
import { recordedFingerprint } from '../recorded-fingerprint.ts';
import { sharedRefusals, unsureWarnings } from '../shared-refusals.ts';
import { protectionRefusals } from '../write-protection.ts';
import type { DeleteSnapshotStep, SnapshotMerge } from './delete-snapshot-step.ts';
import { deletionOf, isProblem, type RecordedMerge, type SnapshotDeletion } from './snapshot-deletion.ts';

/** Have libvirt delete an external snapshot: merge it away, or drop the end of a branch. */
export interface DeleteSnapshotIntent {
  readonly kind: 'delete-snapshot';
  /** Name of the snapshot. */
  readonly name: string;
}

export const deleteSnapshotIntentKind: ActionKind<DeleteSnapshotIntent> = {
  needs: ['reverts', 'records'],
  text: (_, { name }) => ({ name }),
};

/** The facts for the plan, besides the guest. */
export interface DeleteSnapshotFacts extends Omit<PlanFacts, 'freeSpace'> {
  readonly savedState: boolean;
  /** The free space where each image that is written is, by its key. */
  readonly freeSpaces: ReadonlyMap<string, FreeSpace | null>;
  /** What else depends on images that are written or deleted. */
  readonly dependents: readonly { readonly images: readonly Image[]; readonly found: Dependents }[];
}

const NOTHING: SnapshotDeletion = { merges: [], dropped: [] };

/** The plan that has libvirt delete a snapshot. All other snapshots stay right, which a commit of ours would not leave so. */
export function planDeleteSnapshot(
  guest: Guest,
  intent: DeleteSnapshotIntent,
  facts: DeleteSnapshotFacts,
): PlanOf<DeleteSnapshotIntent, DeleteSnapshotStep> {
  const { hostId, uuid, name: guestName } = guest;
  const found = deletionOf(guest, intent.name);
  const { merges, dropped } = isProblem(found) ? NOTHING : found;
  const cost = costOf(merges, facts);
  const deleted = [...merges.map(({ overlay }) => overlay), ...dropped.map(({ image }) => image)].map(
    ({ key }) => key,
  );
  return {
    hostId,
    guest: { hostId, uuid },
    guestName,
    uris: { [hostId]: facts.uri },
    intent,
    fingerprint: recordedFingerprint(guest, deleted),
    disks: merges.map((merge) => ({
      target: merge.target,
      now: merge.now,
      after: without(merge.now, merge.overlay),
      merged: [merge.overlay.key],
    })),
    wholeGuest: true,
    steps: isProblem(found)
      ? []
      : [{ kind: 'delete-snapshot', hostId, name: intent.name, deleted, merges: merges.map(stepOf) }],
    cost,
    refusals: isProblem(found) ? [found] : refusals(guest, found, facts, cost),
    warnings: [
      ...(dropped.length === 0
        ? []
        : [
            problem('DELETE_SNAPSHOT_DROPS', {
              name: intent.name,
              files: dropped.map(({ image }) => imageName(image)).join(', '),
              count: dropped.length,
            }),
          ]),
      ...imageWarnings(merges.flatMap(({ overlay, base }) => [overlay, base])),
      ...spaceWarnings(cost),
      ...facts.dependents.flatMap(({ found: dependents }) => unsureWarnings(dependents)),
    ],
    otherUsers: [],
  };
}

function without({ images }: Chain, overlay: Image): Chain {
  return { images: images.filter((image) => image !== overlay) };
}

function stepOf({ target, now, overlay }: RecordedMerge): SnapshotMerge {
  const before = keys(now);
  return { target, before, after: before.filter((key) => key !== overlay.key) };
}

function costOf(merges: readonly RecordedMerge[], facts: DeleteSnapshotFacts): Cost {
  const images = merges.map((merge) => mergeCost(merge, facts));
  const [only, second] = images;
  if (only === undefined) return NO_COST;
  if (second === undefined) return only;
  const sizes = images.map((one) => one.atMost).filter((size) => size !== null);
  const atMost = sizes.length < images.length ? null : sizes.reduce((a, b) => a + b, 0);
  const spaces = images.flatMap((one) => one.freeSpace ?? []);
  const least = spaces.toSorted((a, b) => a.free - b.free)[0] ?? null;
  return { atMost, freeSpace: least, into: null, images };
}

function mergeCost(merge: RecordedMerge, facts: DeleteSnapshotFacts): ImageCost {
  const { disk, now, above, overlay, base } = merge;
  const known = predictionFacts(facts, disk);
  const at = positionOf(now, base.key);
  return {
    atMost: mostCommitted([overlay], base, facts.maps, above === null),
    predicted: above === null ? predictActiveCommit(now, at, known) : predictCommit(now, at - 1, at, known),
    freeSpace: facts.freeSpaces.get(base.key) ?? null,
    into: imageName(base),
  };
}

function refusals(
  guest: Guest,
  { merges, dropped }: SnapshotDeletion,
  facts: DeleteSnapshotFacts,
  cost: Cost,
): readonly Problem[] {
  const line = new Set(lineOf(guest.records, guest.reverts?.current ?? '')?.map(({ name }) => name));
  // libvirt rewrites the records of the current line.
  const foreign = ({ records, ...others }: Dependents) => ({
    ...others,
    records: records.filter(({ uuid, record }) => uuid !== guest.uuid || !line.has(record)),
  });
  // For the merge, libvirt starts it paused.
  const off = isActive(guest) || merges.length === 0 ? [] : guest.disks;
  return [
    ...(facts.savedState ? [problem('SAVED_STATE', { guest: guest.name })] : []),
    ...guest.disks.flatMap(({ target, job }) =>
      job === null ? [] : [problem('JOB_RUNNING', { target, job: job.kind })],
    ),
    ...off.flatMap(({ target, chain }) =>
      chain === null ? [] : startRefusals(target, chain, facts.capabilities),
    ),
    ...merges.flatMap(({ above, overlay, base }) => runRefusals({ above, merged: [overlay], base })),
    ...merges.flatMap(({ now, overlay }) => protectionRefusals(now, without(now, overlay))),
    ...facts.dependents.flatMap(({ images, found }) =>
      dropped.length === 0
        ? sharedRefusals(foreign(found), { images })
        : sharedRefusals(withoutOwn(found, guest), { images }, DROPPED),
    ),
    ...spaceRefusals(cost),
  ];
}

/** The guest's own records were asked for what they need. */
function withoutOwn({ records, ...others }: Dependents, { uuid }: Guest): Dependents {
  return { ...others, records: records.filter((one) => one.uuid !== uuid) };
}

/** The codes for an image that is deleted. */
const DROPPED = {
  shared: 'DELETE_SNAPSHOT_SHARED',
  record: 'DELETE_SNAPSHOT_SHARED',
  backing: 'DELETE_SNAPSHOT_SHARED',
  left: 'DELETE_SNAPSHOT_LEFTOVER',
} as const;
