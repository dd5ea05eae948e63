import { activeOf, type Chain, keys } from '../../fleet/chain.ts';
import type { Dependents } from '../../fleet/dependents.ts';
import { EMPTY_IMAGE } from '../../fleet/destination.ts';
import type { GuestRef } from '../../fleet/disk.ts';
import { type Guest, isActive } from '../../fleet/guest.ts';
import { type Image, imageName } from '../../fleet/image.ts';
import { knownImages } from '../../fleet/revert-basis.ts';
import { type Problem, problem } from '../../problem.ts';
import { depthRefusals } from '../depth-refusals.ts';
import { reserveWarnings } from '../image-warnings.ts';
import type { ActionKind } from '../kind.ts';
import { overlayFile } from '../overlay.ts';
import { type Cost, type ImageCost, NO_COST, type PlanFacts, type PlanOf } from '../plan.ts';
import { withSnapshot } from '../record-changes.ts';
import { recordedFingerprint } from '../recorded-fingerprint.ts';
import { sharedRefusals, unsureWarnings } from '../shared-refusals.ts';
import {
  canBeFrozen,
  nameRefusals,
  overlayRefusals,
  overlayWarnings,
  type SnapshotFacts,
  stateRefusals,
} from '../snapshot-checks.ts';
import { type SnapshotStep, snapshotStep } from '../snapshot-step.ts';
import { revertRefusals } from './revert-refusals.ts';
import type { RevertStep } from './revert-step.ts';
import {
  type DiskBack,
  deletedFrom,
  disksBack,
  isElsewhere,
  type MediumBack,
  mediaBack,
} from './reverted-disk.ts';
import type { StopStep } from './stop-step.ts';

/** Bring a guest's disks back to what an external snapshot froze. */
export interface RevertIntent {
  readonly kind: 'revert';
  /** Name of the snapshot. */
  readonly name: string;
  /** Name of a new snapshot that keeps the guest's present; `null` to give it up, so that libvirt deletes it. */
  readonly keepAs: string | null;
}

export const revertIntentKind: ActionKind<RevertIntent> = {
  needs: ['reverts', 'records'],
  text: (_, { name }) => ({ name }),
};

/** The steps that a revert may have. */
export type RevertPlanStep = StopStep | SnapshotStep | RevertStep;

/** The facts for the plan of a revert. */
export interface RevertFacts
  extends Pick<SnapshotFacts, 'destinations' | 'agent' | 'savedState' | 'persistent'>,
    Pick<PlanFacts, 'uri' | 'users' | 'capabilities'> {
  /** What else depends on each image that libvirt deletes and that held the guest's data. */
  readonly dependents: readonly (readonly [Image, Dependents])[];
}

/** What a revert makes and deletes, as far as it can be told. */
export interface RevertOutline {
  /** The guest when the revert comes: with the snapshot that keeps the present. */
  readonly then: Guest;
  readonly keep: SnapshotStep | null;
  readonly disks: readonly DiskBack[];
  readonly media: readonly MediumBack[];
  /** Keys of the files that libvirt deletes. */
  readonly deleted: readonly string[];
  /** Paths of the files that are made. */
  readonly made: readonly string[];
  /** The images that are deleted and hold what the guest wrote; none where the present is kept. */
  readonly lost: readonly { readonly target: string; readonly image: Image }[];
}

export function revertOutline(guest: Guest, { name, keepAs }: RevertIntent): RevertOutline {
  const keep = keepAs === null ? null : keeping(guest, keepAs, name);
  const then = keep === null ? guest : { ...guest, ...withSnapshot(guest, keep) };
  const record = then.records.find((one) => one.name === name);
  const disks = record === undefined ? [] : disksBack(then, record);
  const media = record === undefined ? [] : mediaBack(then, record);
  const current = then.records.find((one) => one.name === then.reverts?.current);
  const deleted = current === undefined ? [] : deletedFrom(current);
  const known = knownImages(guest);
  return {
    then,
    keep,
    disks,
    media,
    deleted,
    made: [
      ...(keep?.disks.map(({ file }) => file) ?? []),
      ...[...disks, ...media].flatMap(({ file }) => file ?? []),
    ],
    lost: deleted.flatMap((key) => {
      const image = known.find((one) => one.key === key);
      const target = targetOf(guest, key);
      return image === undefined || target === null ? [] : [{ target, image }];
    }),
  };
}

/** A snapshot of all disks that can have one. */
function keeping(guest: Guest, name: string, revertedTo: string): SnapshotStep {
  const overlays = guest.disks.filter(canBeFrozen).flatMap(({ target, chain }) => {
    const file = chain && overlayFile(chain, name);
    return file === null ? [] : [{ target, file }];
  });
  const description = `Before a revert to ${revertedTo}`;
  return snapshotStep(guest.hostId, guest.disks, { name, description, quiesce: false }, overlays);
}

function targetOf({ disks }: Guest, key: string): string | null {
  return disks.find(({ chain }) => chain?.images.some((image) => image.key === key))?.target ?? null;
}

/**
 * The plan that stops a guest, keeps its present as a snapshot, and has libvirt revert it to another one. It copies no data.
 * The guest is stopped first, so that it writes nothing that is in neither.
 */
export function planRevert(
  guest: Guest,
  intent: RevertIntent,
  facts: RevertFacts,
): PlanOf<RevertIntent, RevertPlanStep> {
  const { hostId, uuid, name: guestName } = guest;
  const outline = revertOutline(guest, intent);
  const cost: Cost = {
    ...NO_COST,
    atMost: EMPTY_IMAGE * outline.made.length,
    images: outline.made.map((file) => emptyImage(file, facts)),
  };
  return {
    hostId,
    guest: { hostId, uuid },
    guestName,
    uris: { [hostId]: facts.uri },
    intent,
    fingerprint: recordedFingerprint(guest, outline.deleted),
    disks: outline.disks.map(({ recorded: { target }, now, after }) => ({
      target,
      now: presentOf(guest, target) ?? now,
      after,
      merged: [],
    })),
    wholeGuest: true,
    steps: steps(guest, intent, outline),
    cost,
    refusals: refusals(guest, intent, outline, facts),
    warnings: [...warnings(guest, intent, outline, facts), ...reserveWarnings(cost)],
    otherUsers: [],
  };
}

function presentOf({ disks }: Guest, target: string): Chain | null {
  return disks.find((disk) => disk.target === target)?.chain ?? null;
}

function steps(
  guest: Guest,
  { name }: RevertIntent,
  { keep, then, disks, deleted }: RevertOutline,
): readonly RevertPlanStep[] {
  const { hostId } = guest;
  return [
    ...(isActive(guest) ? [{ kind: 'stop', hostId } as const] : []),
    ...(keep === null ? [] : [keep]),
    {
      kind: 'revert',
      hostId,
      name,
      from: then.reverts?.current ?? '',
      disks: disks.map(({ recorded: { target }, now, after }) => ({
        target,
        before: keys(now),
        below: keys(after).slice(1),
      })),
      deleted,
    },
  ];
}

function refusals(
  guest: Guest,
  { name, keepAs }: RevertIntent,
  { then, keep, disks, media }: RevertOutline,
  facts: RevertFacts,
): readonly Problem[] {
  const found = revertRefusals(then, name);
  // Where there is no such snapshot, or nobody can revert to it, all else is of no interest.
  if (found.length > 0 && disks.length === 0) return found;
  const frozen = new Set(keep?.disks.map(({ target }) => target));
  const unkept =
    keep === null ? [] : guest.disks.filter((disk) => canBeFrozen(disk) && !frozen.has(disk.target));
  const { destinations, capabilities } = facts;
  return [
    ...found,
    ...(keepAs === null ? [] : nameRefusals(keepAs, guest.records)),
    ...(facts.persistent ? [] : [problem('REVERT_TRANSIENT', { guest: guest.name })]),
    ...stateRefusals(guest, false, facts),
    ...guest.disks.flatMap(({ target, job }) =>
      job === null ? [] : [problem('JOB_RUNNING', { target, job: job.kind })],
    ),
    ...unkept.map(({ target }) => problem('OVERLAY_NOWHERE', { target })),
    ...(keep?.disks ?? []).flatMap((disk) => [
      ...overlayRefusals(disk, disk.file, { destinations }),
      ...depthRefusals(disk.target, presentOf(then, disk.target) ?? { images: [] }, capabilities),
    ]),
    ...disks.flatMap(({ recorded: { target }, file, after }) =>
      file === null
        ? []
        : [
            ...overlayRefusals({ target }, file, { destinations }),
            ...depthRefusals(target, after, capabilities),
          ],
    ),
    ...media.flatMap(({ target, file }) =>
      file === null ? [] : overlayRefusals({ target }, file, { destinations }),
    ),
    ...sameName([...disks, ...media]),
    ...facts.dependents.flatMap(([image, dependents]) =>
      sharedRefusals(withoutOwnRecords(dependents, guest), { images: [image] }, DELETED),
    ),
  ];
}

/** What the guest's own snapshots need is known: the current one names what goes. */
function withoutOwnRecords(dependents: Dependents, { uuid }: Guest): Dependents {
  return { ...dependents, records: dependents.records.filter((record) => record.uuid !== uuid) };
}

/** The codes for an image that libvirt deletes. */
const DELETED = {
  shared: 'REVERT_DELETES_SHARED',
  record: 'REVERT_DELETES_RECORDED',
  backing: 'REVERT_DELETES_BACKING',
  left: 'REVERT_DELETES_BACKING',
} as const;

/** libvirt leaves out the ending of a frozen image, so that two new overlays may get one name. */
function sameName(disks: readonly Pick<DiskBack, 'file'>[]): readonly Problem[] {
  const files = disks.map(({ file }) => file);
  const twice = files.find((file, i) => file !== null && files.indexOf(file) !== i);
  return twice === undefined ? [] : [problem('REVERT_SAME_NAME', { path: twice ?? '' })];
}

function warnings(
  guest: Guest,
  { name, keepAs }: RevertIntent,
  { keep, disks, media, deleted, lost }: RevertOutline,
  facts: RevertFacts,
): readonly Problem[] {
  const back = new Set(disks.map(({ recorded: { target } }) => target));
  return [
    ...(isActive(guest) ? [problem('REVERT_STOPS', { guest: guest.name })] : []),
    ...(keep === null && deleted.length > 0
      ? [
          problem('REVERT_DELETES', {
            files: deleted.map(nameOf).join(', '),
            count: deleted.length,
            ...sizeOf(lost),
          }),
        ]
      : []),
    problem('REVERT_DEFINITION', { name, kept: keepAs === null ? 'no' : 'yes' }),
    ...disks.flatMap((disk) => goesBack(disk)),
    ...media.map(({ target, image }) => problem('REVERT_MEDIUM', { target, image })),
    ...guest.disks
      .filter(({ device }) => device !== 'cdrom' && device !== 'floppy')
      .filter(({ target, chain }) => chain !== null && activeOf(chain) !== null && !back.has(target))
      .map(({ target }) => problem('REVERT_DROPS_DISK', { target, name })),
    ...(keep?.disks ?? []).flatMap(({ target, file }) =>
      overlayWarnings(presentOf(guest, target) ?? { images: [] }, file, facts),
    ),
    ...disks.flatMap(({ file, after }) =>
      file === null ? [] : overlayWarnings({ images: after.images.slice(1) }, file, facts),
    ),
    ...facts.dependents.flatMap(([, dependents]) => unsureWarnings(dependents)),
  ];
}

/** Disks that somebody may not expect to go back, and to which image. */
function goesBack(disk: DiskBack): readonly Problem[] {
  const { recorded, now, after } = disk;
  const { target, kind } = recorded;
  const top = after.images[1];
  if (top === undefined) return [];
  const image = imageName(top);
  const active = activeOf(now);
  if (active === null) return [problem('REVERT_ADDS_DISK', { target, image })];
  if (isElsewhere(disk)) return [problem('REVERT_OLD_FILE', { target, image })];
  return kind === 'none' ? [problem('REVERT_LEFT_OUT', { target, image })] : [];
}

function sizeOf(lost: RevertOutline['lost']): { readonly written: number | string } {
  const sizes = lost.map(({ image }) => image.allocated);
  const known = sizes.filter((size) => size !== null);
  return {
    written: known.length < sizes.length || sizes.length === 0 ? 'unknown' : known.reduce((a, b) => a + b),
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function emptyImage(file: string, { destinations }: Pick<RevertFacts, 'destinations'>): ImageCost {
  return { atMost: EMPTY_IMAGE, freeSpace: destinations.get(file)?.freeSpace ?? null, into: null };
}

/** Where the images that are lost are. */
export function lostOf({ hostId, uuid }: GuestRef, { keep, lost }: RevertOutline) {
  return keep === null ? lost.map(({ target, image }) => ({ ref: { hostId, uuid, target }, image })) : [];
}
