import { mostPulled } from '../cost/cost.ts';
import { freedLater } from '../cost/freed-later.ts';
import { type Prediction, predictionFacts } from '../cost/prediction.ts';
import { predictPull, predictPullIntoNew } from '../cost/pull-prediction.ts';
import {
  activeOf,
  type Chain,
  fingerprint,
  flattened,
  keys,
  mergedToward,
  positionOf,
} from '../fleet/chain.ts';
import type { Disk, GuestRef } from '../fleet/disk.ts';
import { type Image, imageName } from '../fleet/image.ts';
import { neededImages, type Recorded } from '../fleet/record-state.ts';
import { otherUsers } from '../fleet/sharing.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { type Problem, problem } from '../problem.ts';
import { depthRefusals, startRefusals } from './depth-refusals.ts';
import { type ForgetStep, forgettable } from './forget.ts';
import { imageWarnings, spaceRefusals, spaceWarnings } from './image-warnings.ts';
import type { ActionKind } from './kind.ts';
import { overlaid, overlayFile } from './overlay.ts';
import type { PlanOf } from './plan.ts';
import { nameIn, type PlanFacts } from './plan.ts';
import { flushKindOf, type PullStep, type ShutOffPullStep } from './pull.ts';
import { recordedOf, recordWarnings, withChain } from './record-changes.ts';
import { nameRefusals, overlayRefusals, overlayWarnings, type SnapshotFacts } from './snapshot-checks.ts';
import { type SnapshotStep, snapshotStep } from './snapshot-step.ts';

export interface FlattenIntent {
  readonly kind: 'flatten';
  readonly target: string;
  /** Key of the image to flatten toward, which stays; `null` merges the whole chain into the active image. */
  readonly base: string | null;
  /** A snapshot before it, so that the merged images stay as they were under a new active one. */
  readonly snapshotFirst: NewSnapshot | null;
  /** Whether the snapshot records that are stale afterwards are forgotten. */
  readonly forgetAfter: boolean;
}

export interface NewSnapshot {
  readonly name: string;
  /** Path of the new active image; `null` for a path beside the present one. */
  readonly file: string | null;
}

export const flattenIntentKind: ActionKind<FlattenIntent> = {
  needs: ['two-images'],
  text(plan, { base }) {
    const active = activeOf(plan.disks[0]?.now ?? { images: [] });
    return base === null
      ? { toward: 'none', image: active ? imageName(active) : '' }
      : { toward: 'base', image: nameIn(plan, base) };
  },
};

/** The steps that a flatten may have. */
export type FlattenStep = PullStep | ShutOffPullStep | SnapshotStep | ForgetStep;

/** The facts for the plan of a flatten, besides the disk's chain. */
export interface FlattenFacts
  extends PlanFacts,
    Pick<SnapshotFacts, 'destinations' | 'savedState' | 'persistent'> {
  /** All of the guest's disks. */
  readonly disks: readonly Disk[];
}

/**
 * The plan that merges everything between the active image and the intent's base into the active one by a pull, perhaps
 * after a snapshot, so that all images stay as they were under a new active one. Nothing below the active image is
 * written, so shared images are safe.
 */
export function planFlatten(
  guest: GuestRef,
  disk: Disk,
  intent: FlattenIntent,
  facts: FlattenFacts,
): PlanOf<FlattenIntent, FlattenStep> {
  const { base, snapshotFirst } = intent;
  const { target } = disk;
  const { hostId } = guest;
  const now = disk.chain ?? { images: [] };
  const overlay = overlayOf(now, intent);
  const pulled = overlay === null ? now : overlaid(now, overlay);
  const after = flattened(pulled, base);
  const merged = mergedToward(pulled, base);
  const active = activeOf(pulled);
  const atMost = mostWritten(now, pulled, merged, facts);
  const before = recordedOf(disk, facts);
  const later = withChain(
    overlay === null ? before : withRecord(before, disk, pulled, intent),
    target,
    after,
  );
  const cost = {
    atMost,
    predicted:
      overlay === null
        ? predicted(disk, now, base, facts)
        : predictPullIntoNew(pulled, merged.length + 1, atMost, predictionFacts(facts, disk)),
    freeSpace: facts.freeSpace,
    into: active && imageName(active),
    freed: freedLater({ ...guest, target }, now, after, facts.users, neededImages(later)),
  };
  const forgotten = intent.forgetAfter ? forgettable(later) : [];
  const snapshot = { name: snapshotFirst?.name ?? '', description: '', quiesce: false };
  const steps: FlattenStep[] = [
    ...(overlay === null ? [] : [snapshotStep(hostId, facts.disks, snapshot, [{ target, file: overlay }])]),
    {
      kind: facts.guestRuns ? 'pull' : 'shut-off-pull',
      hostId,
      target,
      base,
      before: keys(pulled),
      after: keys(after),
      flush: flushKindOf(facts.capabilities),
    },
    ...(forgotten.length === 0 ? [] : [{ kind: 'forget', hostId, names: forgotten } as const]),
  ];
  return {
    hostId,
    guest,
    uris: { [hostId]: facts.uri },
    guestName: facts.guestName,
    intent,
    fingerprint: JSON.stringify([fingerprint(now), facts.guestRuns, forgotten]),
    disks: [{ target, now, after, merged: merged.map(({ key }) => key) }],
    // A snapshot record is of the whole guest. A guest that was started only for the pull can't do anything else.
    wholeGuest: snapshotFirst !== null || !facts.guestRuns,
    steps,
    cost,
    refusals: [
      ...refusals(disk, now, pulled, base, facts),
      ...(snapshotFirst === null ? [] : nameRefusals(snapshotFirst.name, facts.records)),
      ...(snapshotFirst === null ? [] : overlayRefusals(disk, overlay ?? undefined, facts)),
      ...spaceRefusals(cost),
    ],
    warnings: [
      ...imageWarnings([...pulled.images.slice(0, 1), ...merged]),
      ...spaceWarnings(cost),
      ...(facts.guestRuns ? [] : [problem('STARTS_PAUSED', { guest: facts.guestName })]),
      ...(overlay === null ? [] : overlayWarnings(now, overlay, facts)),
      ...(overlay === null || facts.persistent
        ? []
        : [problem('GUEST_TRANSIENT', { guest: facts.guestName })]),
      ...recordWarnings(before, later, intent.forgetAfter),
    ],
    otherUsers: otherUsers({ ...guest, target }, now, facts.users),
  };
}

/** Path of the overlay of the snapshot before it; `null` if none is wanted, or if no path is known. */
export function overlayOf(now: Chain, { snapshotFirst }: FlattenIntent): string | null {
  return snapshotFirst && (snapshotFirst.file ?? overlayFile(now, snapshotFirst.name));
}

function predicted(disk: Disk, now: Chain, base: string | null, facts: FlattenFacts): Prediction | null {
  const toward = base === null ? now.images.length : Math.max(0, positionOf(now, base));
  return predictPull(now, toward, predictionFacts(facts, disk));
}

/**
 * Upper bound of what is written, bytes. If the guest writes the active image, only the file system knows how much
 * data it has: QEMU may not have written its tables yet.
 */
function mostWritten(
  now: Chain,
  pulled: Chain,
  merged: readonly Image[],
  { maps, guestRuns }: FlattenFacts,
): number | null {
  const most = mostPulled(pulled, merged, maps);
  const allocated = activeOf(now)?.allocated ?? null;
  if (now === pulled || !guestRuns || allocated === null) return most;
  const below = mostPulled(
    pulled,
    merged.filter(({ key }) => key !== activeOf(now)?.key),
    maps,
  );
  return most === null || below === null ? null : Math.max(most, below + allocated);
}

/** With the snapshot that is taken before the pull. */
function withRecord(
  guest: Recorded,
  { target }: Disk,
  pulled: Chain,
  { snapshotFirst }: FlattenIntent,
): Recorded {
  const [overlay, frozen] = keys(pulled);
  if (snapshotFirst === null || overlay === undefined) return guest;
  const { name } = snapshotFirst;
  const { records, reverts } = withChain(guest, target, pulled);
  const made: SnapshotRecord = {
    name,
    description: null,
    createdAt: Number.MAX_SAFE_INTEGER,
    parent: reverts?.current ?? null,
    disks: [{ target, kind: 'external', frozen: frozen ?? null, overlay }],
  };
  return {
    ...withChain(guest, target, pulled),
    records: [...records, made],
    reverts: reverts && { ...reverts, current: name },
  };
}

/** @param pulled the chain that is pulled: `now`, or what a snapshot makes of it */
function refusals(
  disk: Disk,
  now: Chain,
  pulled: Chain,
  base: string | null,
  facts: FlattenFacts,
): readonly Problem[] {
  const active = activeOf(now);
  if (active === null) return [disk.problem ?? problem('DISK_EMPTY', { target: disk.target })];
  const found: Problem[] = [];
  const at = base === null ? now.images.length : positionOf(now, base);
  if (at === -1) found.push(problem('BASE_NOT_IN_CHAIN', { base: base ?? '' }));
  else if (now.images.length === 1) found.push(problem('ONLY_IMAGE', { image: imageName(active) }));
  else if (at === 0) found.push(problem('BASE_IS_ACTIVE'));
  else if (at === 1) found.push(problem('NOTHING_TO_MERGE', { base: base ?? '' }));
  if (facts.savedState) found.push(problem('SAVED_STATE', { guest: facts.guestName }));
  if (disk.readOnly) found.push(problem('READ_ONLY', { target: disk.target }));
  if (disk.job) found.push(problem('JOB_RUNNING', { target: disk.target, job: disk.job.kind }));
  if (disk.problem) found.push(disk.problem);
  // After a pull into or across an image, its internal snapshots lack their backing data.
  for (const image of now.images.slice(0, Math.max(at, 1))) {
    const count = image.traits.internalSnapshots;
    if (count > 0) found.push(problem('INTERNAL_SNAPSHOTS', { image: imageName(image), count }));
  }
  if (pulled !== now) found.push(...depthRefusals(disk.target, pulled, facts.capabilities, 'plain'));
  else if (!facts.guestRuns) found.push(...startRefusals(disk.target, now, facts.capabilities));
  const [written, first] = pulled.images;
  const stays = now.images[at];
  if (written && first && stays && at > 1 && showsThrough(written, first, stays)) {
    found.push(problem('PULL_BASE_LONGER', { image: imageName(first), base: imageName(stays) }));
  }
  if (written?.traits.extendedL2 && facts.capabilities.extendedL2Aborts) {
    found.push(problem('EXTENDED_L2', { image: imageName(written) }));
  }
  return [...found, ...pullDecrypts(written, mergedToward(pulled, base))];
}

/** Refuses to write data of an encrypted image into an image that is not. */
export function pullDecrypts(written: Image | undefined, merged: readonly Image[]): readonly Problem[] {
  const secret = merged.find(({ traits }) => traits.encrypted);
  if (secret === undefined || written === undefined || written.traits.encrypted) return [];
  return [problem('PULL_WOULD_DECRYPT', { image: imageName(secret), active: imageName(written) })];
}

/**
 * Whether a pull would expose data of the base that the guest can't read before. QEMU's pull treats everything
 * beyond the end of the image below the active one as done (`stream_run`, block/stream.c), although zeros would
 * have to hide a longer base. Tried with QEMU 7.2.22: what the guest reads there changes.
 */
export function showsThrough(active: Image, below: Image, base: Image): boolean {
  const [own, end, hidden] = [active.virtualSize, below.virtualSize, base.virtualSize];
  return own !== null && end !== null && hidden !== null && end < Math.min(own, hidden);
}
