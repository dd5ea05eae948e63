import { activeOf, type Chain } from '../fleet/chain.ts';
import {
  type Destination,
  destinationRefusals,
  destinationWarnings,
  EMPTY_IMAGE,
  UNKNOWN_DESTINATION,
} from '../fleet/destination.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import { imageName } from '../fleet/image.ts';
import type { SnapshotRecord } from '../fleet/snapshot-record.ts';
import { type Problem, problem } from '../problem.ts';
import type { PlanFacts } from './plan.ts';

/** The facts for a plan with a snapshot, besides the disks' chains. */
export interface SnapshotFacts extends Pick<PlanFacts, 'uri' | 'users' | 'capabilities'> {
  /** What is at the path of each overlay, by path. */
  readonly destinations: ReadonlyMap<string, Destination>;
  /** Whether the guest's agent can be asked to quiesce. */
  readonly agent: 'connected' | 'disconnected' | 'none';
  /** Whether libvirt keeps the guest's memory for its next start (managed save). */
  readonly savedState: boolean;
  /** Whether the guest has a persistent definition. */
  readonly persistent: boolean;
}

/**
 * The longest name of a record, bytes: libvirt 9.0 first writes a file `NAME.xml.new`, and a file name has at most
 * 255.
 */
const LONGEST_NAME = 247;

export function canBeFrozen({ chain, readOnly }: Pick<Disk, 'chain' | 'readOnly'>): boolean {
  return chain !== null && chain.images.length > 0 && !readOnly;
}

/** Why a new snapshot can't have this name. */
export function nameRefusals(name: string, records: readonly SnapshotRecord[]): readonly Problem[] {
  if (name === '') return [problem('SNAPSHOT_NAME_EMPTY')];
  // libvirt uses it as a file name.
  if (/^\.|\/|\p{Cc}/u.test(name) || !name.isWellFormed()) return [problem('SNAPSHOT_NAME_BAD', { name })];
  if (new TextEncoder().encode(name).length > LONGEST_NAME) return [problem('SNAPSHOT_NAME_LONG')];
  return records.some((record) => record.name === name) ? [problem('SNAPSHOT_NAME_TAKEN', { name })] : [];
}

/** Why the guest's present state allows no snapshot. */
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

/** Why there can't be an overlay at this path. `undefined` if no path is known. */
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

/** Warnings about an overlay on this chain. */
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
