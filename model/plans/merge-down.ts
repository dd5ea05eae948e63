import { mostCommitted } from '../cost/commit-cost.ts';
import { predictCommit } from '../cost/commit-prediction.ts';
import { freedLater } from '../cost/freed-later.ts';
import { predictActiveCommit } from '../cost/mirror-prediction.ts';
import { type Prediction, predictionFacts } from '../cost/prediction.ts';
import { activeOf, type Chain, fingerprint, keys, positionOf } from '../fleet/chain.ts';
import type { Dependents } from '../fleet/dependents.ts';
import type { Disk, GuestRef } from '../fleet/disk.ts';
import { type Image, imageName } from '../fleet/image.ts';
import { neededImages } from '../fleet/record-state.ts';
import { otherUsers } from '../fleet/sharing.ts';
import { type Problem, problem } from '../problem.ts';
import type { ActiveCommitStep, CommitStep } from './commit.ts';
import { type ForgetStep, forgettable } from './forget.ts';
import { imageWarnings, spaceRefusals, spaceWarnings } from './image-warnings.ts';
import { jobRefusals } from './job-refusals.ts';
import type { ActionKind } from './kind.ts';
import type { PlanOf } from './plan.ts';
import { nameIn, type PlanFacts } from './plan.ts';
import { recordedOf, recordWarnings, withChain } from './record-changes.ts';
import { sharedRefusals, unsureWarnings } from './shared-refusals.ts';
import { protectionRefusals } from './write-protection.ts';

/** Merge a run of images into its lowest. */
export interface MergeDownIntent {
  readonly kind: 'merge-down';
  readonly target: string;
  /** Key of the topmost image of the run; with the active one it is an active commit. */
  readonly top: string;
  /** Key of the lowest, which receives the data of the others. */
  readonly base: string;
  readonly forgetAfter: boolean;
}

export const mergeDownIntentKind: ActionKind<MergeDownIntent> = {
  needs: ['two-images', 'running'],
  text: (plan, { base }) => ({ image: nameIn(plan, base) }),
};

/** The steps that a merge may have. */
export type MergeDownStep = CommitStep | ActiveCommitStep | ForgetStep;

/** The facts for the plan of a merge, besides the disk's chain. */
export interface MergeFacts extends PlanFacts {
  /** All of the guest's disks. */
  readonly disks: readonly Disk[];
  /** What else depends on the images of the run. */
  readonly dependents: Dependents;
}

/** A run of images, the topmost first; `base` receives the data of the others. */
export interface Run {
  readonly above: Image | null;
  readonly merged: readonly Image[];
  readonly base: Image;
}

/** The run of the intent; `null` if its ends are not in the chain, or if the top is not above the base. */
export function runOf({ images }: Chain, { top, base }: Pick<MergeDownIntent, 'top' | 'base'>): Run | null {
  const first = images.findIndex(({ key }) => key === top);
  const last = images.findIndex(({ key }) => key === base);
  const lowest = images[last];
  if (first === -1 || lowest === undefined || first >= last) return null;
  return { above: images[first - 1] ?? null, merged: images.slice(first, last), base: lowest };
}

/**
 * The plan that merges a run of images into its lowest by a commit. If the active image is in the run, it is an
 * active commit with a pivot. The base is written, so nothing else may depend on it.
 */
export function planMergeDown(
  guest: GuestRef,
  disk: Disk,
  intent: MergeDownIntent,
  facts: MergeFacts,
): PlanOf<MergeDownIntent, MergeDownStep> {
  const { target } = disk;
  const { hostId } = guest;
  const now = disk.chain ?? { images: [] };
  const run = runOf(now, intent);
  const merged = run?.merged ?? [];
  const isActive = run !== null && run.above === null;
  const after = { images: now.images.filter((image) => !merged.includes(image)) };
  const before = recordedOf(disk, facts);
  const later = withChain(before, target, after);
  const cost = {
    atMost: run === null ? 0 : mostCommitted(merged, run.base, facts.maps, isActive),
    predicted: run && predicted(disk, now, run, facts),
    freeSpace: facts.freeSpace,
    into: run && imageName(run.base),
    freed: freedLater({ ...guest, target }, now, after, facts.users, neededImages(later)),
  };
  const forgotten = intent.forgetAfter ? forgettable(later) : [];
  return {
    hostId,
    guest,
    uris: { [hostId]: facts.uri },
    guestName: facts.guestName,
    intent,
    fingerprint: JSON.stringify([fingerprint(now), forgotten]),
    disks: [{ target, now, after, merged: merged.map(({ key }) => key) }],
    wholeGuest: false,
    steps: run === null ? [] : steps(guest, target, now, after, run, forgotten),
    cost,
    refusals: [...refusals(disk, now, after, intent, run, facts), ...spaceRefusals(cost)],
    warnings: [
      ...(run === null ? [] : imageWarnings([...merged, run.base])),
      ...spaceWarnings(cost),
      ...unsureWarnings(facts.dependents),
      ...recordWarnings(before, later, intent.forgetAfter),
    ],
    otherUsers: otherUsers({ ...guest, target }, now, facts.users),
  };
}

function predicted(
  disk: Disk,
  now: Chain,
  { above, merged, base }: Run,
  facts: MergeFacts,
): Prediction | null {
  const at = positionOf(now, base.key);
  const known = predictionFacts(facts, disk);
  return above === null
    ? predictActiveCommit(now, at, known)
    : predictCommit(now, at - merged.length, at, known);
}

function steps(
  { hostId }: GuestRef,
  target: string,
  now: Chain,
  after: Chain,
  { above, merged, base }: Run,
  forgotten: readonly string[],
): readonly MergeDownStep[] {
  const step = { hostId, target, base: base.key, before: keys(now), after: keys(after) };
  const top = merged[0]?.key ?? base.key;
  return [
    above === null ? { kind: 'active-commit', ...step } : { kind: 'commit', top, ...step },
    ...(forgotten.length === 0 ? [] : [{ kind: 'forget', hostId, names: forgotten } as const]),
  ];
}

function refusals(
  disk: Disk,
  now: Chain,
  after: Chain,
  { top, base }: MergeDownIntent,
  run: Run | null,
  facts: MergeFacts,
): readonly Problem[] {
  const active = activeOf(now);
  if (active === null) return [disk.problem ?? problem('DISK_EMPTY', { target: disk.target })];
  const found = [...jobRefusals(disk, facts)];
  const gone = [top, base].find((key) => positionOf(now, key) === -1);
  if (gone !== undefined) return [problem('BASE_NOT_IN_CHAIN', { base: gone }), ...found];
  if (run === null) return [problem('BASE_NOT_BELOW_TOP', { image: top, base }), ...found];
  return [
    ...sharedRefusals(facts.dependents, now),
    ...found,
    ...runRefusals(run),
    ...protectionRefusals(now, after),
  ];
}

/** Why the images of the run can't be merged. */
export function runRefusals({ above, merged, base }: Run): readonly Problem[] {
  const [top] = merged;
  const found: Problem[] = [];
  // After a commit, the internal snapshots of an image above lack their backing data, and those of the base are damaged.
  for (const image of [...merged, base]) {
    const count = image.traits.internalSnapshots;
    if (count > 0) found.push(problem('MERGE_INTERNAL_SNAPSHOTS', { image: imageName(image), count }));
  }
  const named = { base: imageName(base) };
  if (base.missing) found.push(problem('BASE_GONE', named));
  const secret = merged.find(({ traits }) => traits.encrypted);
  if (secret !== undefined && !base.traits.encrypted) {
    found.push(problem('WOULD_DECRYPT', { image: imageName(secret), ...named }));
  }
  if (top !== undefined && comesToLight(above, top, base)) {
    found.push(problem('BASE_LONGER', { image: imageName(top), ...named }));
  }
  return found;
}

/**
 * Whether the guest would read the end of a longer base where it reads zeros now. A commit makes a base longer,
 * never shorter; tried with QEMU 7.2.22. The image above reads that end if it is longer than the top. If the guest
 * itself reads the base, its disk grows.
 */
export function comesToLight(above: Image | null, top: Image, base: Image): boolean {
  const [end, hidden] = [top.virtualSize, base.virtualSize];
  if (end === null || hidden === null || end >= hidden) return false;
  return above === null || above.virtualSize === null || above.virtualSize > end;
}
