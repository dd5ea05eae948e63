import { activeOf, fingerprint } from '../fleet/chain.ts';
import { EMPTY_IMAGE } from '../fleet/destination.ts';
import { diskOf, type Guest, isActive } from '../fleet/guest.ts';
import { type Problem, problem } from '../problem.ts';
import { depthRefusals } from './depth-refusals.ts';
import { reserveWarnings } from './image-warnings.ts';
import type { ActionKind } from './kind.ts';
import { overlaid, overlayFile } from './overlay.ts';
import type { PlanOf } from './plan.ts';
import { type Cost, type ImageCost, NO_COST } from './plan.ts';
import {
  nameRefusals,
  overlayRefusals,
  overlayWarnings,
  type SnapshotFacts,
  stateRefusals,
} from './snapshot-checks.ts';
import { type SnapshotStep, snapshotStep } from './snapshot-step.ts';

export interface SnapshotIntent {
  readonly kind: 'snapshot';
  readonly name: string;
  readonly description: string;
  readonly quiesce: boolean;
  /** The disks, each with the path of its overlay; `null` for a path beside the active image. */
  readonly disks: readonly { readonly target: string; readonly file: string | null }[];
}

export const snapshotIntentKind: ActionKind<SnapshotIntent> = {
  needs: ['any-chain'],
  text: (_, { name }) => ({ name }),
};

/** The paths of the overlays, by target, as far as they are known. */
export function overlaysOf(guest: Guest, intent: SnapshotIntent): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { target, file } of intent.disks) {
    const chain = diskOf(guest, target)?.chain;
    const path = file ?? (chain ? overlayFile(chain, intent.name) : null);
    if (path !== null) found.set(target, path);
  }
  return found;
}

/** The plan that freezes the active images of some disks at one moment under new overlays. It copies no data. */
export function planSnapshot(
  guest: Guest,
  intent: SnapshotIntent,
  facts: SnapshotFacts,
): PlanOf<SnapshotIntent, SnapshotStep> {
  const { hostId, uuid } = guest;
  const files = overlaysOf(guest, intent);
  const frozen = guest.disks.flatMap((disk) => {
    const file = files.get(disk.target);
    return disk.chain === null || file === undefined ? [] : [{ disk, now: disk.chain, file }];
  });
  const disks = frozen.map(({ disk: { target }, now, file }) => ({
    target,
    now,
    after: overlaid(now, file),
    merged: [],
  }));
  const overlays = frozen.map(({ disk: { target }, file }) => ({ target, file }));
  const images = frozen.map(({ file }) => emptyImage(file, facts));
  const cost: Cost = { ...NO_COST, atMost: EMPTY_IMAGE * overlays.length, images };
  return {
    hostId,
    guest: { hostId, uuid },
    guestName: guest.name,
    uris: { [hostId]: facts.uri },
    intent,
    fingerprint: JSON.stringify([isActive(guest), frozen.map(({ now }) => fingerprint(now))]),
    disks,
    // The record is of the whole guest, and libvirt refuses it for a disk with a block job.
    wholeGuest: true,
    steps: [snapshotStep(hostId, guest.disks, intent, overlays)],
    cost,
    refusals: [
      ...nameRefusals(intent.name, guest.records),
      ...stateRefusals(guest, intent.quiesce, facts),
      ...intent.disks.flatMap(({ target }) => diskRefusals(guest, target, files.get(target), facts)),
      ...doubles(intent, files),
    ],
    warnings: [
      ...(facts.persistent ? [] : [problem('GUEST_TRANSIENT', { guest: guest.name })]),
      ...frozen.flatMap(({ now, file }) => overlayWarnings(now, file, facts)),
      ...reserveWarnings(cost),
    ],
    otherUsers: [],
  };
}

function diskRefusals(
  guest: Guest,
  target: string,
  file: string | undefined,
  facts: SnapshotFacts,
): readonly Problem[] {
  const disk = diskOf(guest, target);
  if (disk === null) return [problem('DISK_UNKNOWN', { target, guest: guest.name })];
  const { chain } = disk;
  if (chain === null || activeOf(chain) === null) {
    return [disk.problem ?? problem('DISK_EMPTY', { target })];
  }
  const found = [...overlayRefusals(disk, file, facts)];
  if (file !== undefined) found.push(...depthRefusals(target, overlaid(chain, file), facts.capabilities));
  if (disk.readOnly) found.push(problem('READ_ONLY', { target }));
  if (disk.job) found.push(problem('JOB_RUNNING', { target, job: disk.job.kind }));
  if (disk.problem) found.push(disk.problem);
  return found;
}

/** Refuses a disk that is chosen twice, and two overlays at one path. */
function doubles(intent: SnapshotIntent, files: ReadonlyMap<string, string>): readonly Problem[] {
  const found: Problem[] = [];
  const targets = intent.disks.map(({ target }) => target);
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice !== undefined) found.push(problem('DISK_TWICE', { target: twice }));
  const paths = [...files.values()];
  const shared = paths.find((path, i) => paths.indexOf(path) !== i);
  if (shared !== undefined) found.push(problem('DESTINATION_TWICE', { path: shared }));
  return found;
}

/** The guest's later writes are not part of the snapshot's cost. */
function emptyImage(file: string, { destinations }: SnapshotFacts): ImageCost {
  return { atMost: EMPTY_IMAGE, freeSpace: destinations.get(file)?.freeSpace ?? null, into: null };
}
