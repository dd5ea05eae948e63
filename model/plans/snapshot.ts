import { activeOf, type Chain, fingerprint } from '../fleet/chain.ts';
import {
  type Destination,
  destinationRefusals,
  destinationWarnings,
  EMPTY_IMAGE,
  UNKNOWN_DESTINATION,
} from '../fleet/destination.ts';
import type { Disk } from '../fleet/disk.ts';
import { diskOf, type Guest, isActive } from '../fleet/guest.ts';
import { imageName } from '../fleet/image.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { type Problem, problem } from '../problem.ts';
import { reserveWarnings } from './image-warnings.ts';
import type { SnapshotIntent } from './intent.ts';
import { overlaid, overlayFile, snapshotStep } from './overlay.ts';
import { type Cost, type ImageCost, NO_COST, type Plan, type PlanFacts } from './plan.ts';

/** What a plan with a snapshot has to know beside the disks' chains. */
export interface SnapshotFacts extends Pick<PlanFacts, 'uri' | 'users'> {
  /** What stands where each overlay is wanted, by path. */
  readonly destinations: ReadonlyMap<string, Destination>;
  /** Whether the guest's agent can be asked for rest. */
  readonly agent: 'connected' | 'disconnected' | 'none';
  /** Whether libvirt keeps the guest's memory for its next start (managed save). */
  readonly savedState: boolean;
  /** Whether the guest has a definition that outlives its run. */
  readonly persistent: boolean;
}

/** Bytes of a record's name: libvirt 9.0 keeps it as a file `NAME.xml.new` first, and a file's name has 255. */
const LONGEST_NAME = 247;

/** The paths of the overlays that the intent asks for, as far as they are known; by target. */
export function overlaysOf(guest: Guest, intent: SnapshotIntent): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { target, file } of intent.disks) {
    const chain = diskOf(guest, target)?.chain;
    const path = file ?? (chain ? overlayFile(chain, intent.name) : null);
    if (path !== null) found.set(target, path);
  }
  return found;
}

/** The plan that freezes the active images of some disks at one moment under new overlays. No data is copied. */
export function planSnapshot(guest: Guest, intent: SnapshotIntent, facts: SnapshotFacts): Plan {
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
    // The record is of the guest, and libvirt refuses it for a disk with a block job.
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
    others: [],
  };
}

/** What speaks against the name of a new snapshot. */
export function nameRefusals(name: string, records: readonly SnapshotRecord[]): readonly Problem[] {
  if (name === '') return [problem('SNAPSHOT_NAME_EMPTY')];
  // It names a file of libvirt's.
  if (/^\.|\/|\p{Cc}/u.test(name) || !name.isWellFormed()) return [problem('SNAPSHOT_NAME_BAD', { name })];
  if (new TextEncoder().encode(name).length > LONGEST_NAME) return [problem('SNAPSHOT_NAME_LONG')];
  return records.some((record) => record.name === name) ? [problem('SNAPSHOT_NAME_TAKEN', { name })] : [];
}

/** What speaks against a snapshot in what the guest does now. */
export function stateRefusals(
  guest: Guest,
  quiesce: boolean,
  { agent, savedState }: Pick<SnapshotFacts, 'agent' | 'savedState'>,
): readonly Problem[] {
  const found: Problem[] = [];
  if (savedState) found.push(problem('SAVED_STATE', { guest: guest.name }));
  if (!quiesce) return found;
  if (guest.state !== 'running') found.push(problem('QUIESCE_NOT_RUNNING', { guest: guest.name }));
  else if (agent === 'none') found.push(problem('NO_AGENT', { guest: guest.name }));
  else if (agent === 'disconnected') found.push(problem('AGENT_DISCONNECTED', { guest: guest.name }));
  return found;
}

/** What speaks against an overlay at this path, `undefined` where no path can be made up. */
export function overlayRefusals(
  { target }: Pick<Disk, 'target'>,
  file: string | undefined,
  { destinations }: Pick<SnapshotFacts, 'destinations'>,
): readonly Problem[] {
  if (file === undefined) return [problem('OVERLAY_NOWHERE', { target })];
  const found = destinations.get(file) ?? UNKNOWN_DESTINATION;
  const beside = [...destinations.values()].filter(
    ({ freeSpace }) => freeSpace !== null && freeSpace.fileSystem === found.freeSpace?.fileSystem,
  );
  return destinationRefusals(file, found, EMPTY_IMAGE * Math.max(1, beside.length));
}

/** What the operator should know of an overlay on this chain. */
export function overlayWarnings(
  now: Chain,
  file: string,
  { destinations }: Pick<SnapshotFacts, 'destinations'>,
): readonly Problem[] {
  const found = [...destinationWarnings(file, destinations.get(file) ?? UNKNOWN_DESTINATION)];
  const active = activeOf(now);
  if (active === null) return found;
  const { encrypted, internalSnapshots: count } = active.traits;
  if (encrypted) found.push(problem('OVERLAY_NOT_ENCRYPTED', { image: imageName(active) }));
  if (count > 0) found.push(problem('INTERNAL_SNAPSHOTS_FROZEN', { image: imageName(active), count }));
  return found;
}

function diskRefusals(
  guest: Guest,
  target: string,
  file: string | undefined,
  facts: SnapshotFacts,
): readonly Problem[] {
  const disk = diskOf(guest, target);
  if (disk === null) return [problem('DISK_UNKNOWN', { target, guest: guest.name })];
  if (activeOf(disk.chain ?? { images: [] }) === null) {
    return [disk.problem ?? problem('DISK_EMPTY', { target })];
  }
  const found = [...overlayRefusals(disk, file, facts)];
  if (disk.readOnly) found.push(problem('READ_ONLY', { target }));
  if (disk.job) found.push(problem('JOB_RUNNING', { target, job: disk.job.kind }));
  if (disk.problem) found.push(disk.problem);
  return found;
}

/** A disk that is chosen twice, or two overlays at one path. */
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

/** What the guest writes into it later is no part of the snapshot. */
function emptyImage(file: string, { destinations }: SnapshotFacts): ImageCost {
  return { atMost: EMPTY_IMAGE, freeSpace: destinations.get(file)?.freeSpace ?? null, into: null };
}
