import type { Chain } from '../fleet/chain.ts';
import type { Disk } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import { isStale, type SnapshotRecord } from '../fleet/snapshot-record.ts';
import { type Problem, problem } from '../problem.ts';
import { virshCommand } from './command.ts';
import type { ActionKind, StepKind } from './kind.ts';
import type { PlanOf } from './plan.ts';
import { guestOf, NO_COST, type PlanFacts } from './plan.ts';
import type { AnyStep } from './step.ts';

export interface ForgetIntent {
  readonly kind: 'forget';
  readonly names: readonly string[];
}

export const forgetIntentKind: ActionKind<ForgetIntent> = {
  needs: ['records'],
  text: (_, { names }) => ({ name: names[0] ?? '', count: names.length }),
};

/** Removes libvirt's records of snapshots, never data. */
export interface ForgetStep extends AnyStep {
  readonly kind: 'forget';
  readonly names: readonly string[];
}

export const forgetStepKind: StepKind<ForgetStep> = {
  work: 'call',
  command: (plan, step) =>
    step.names.map((name) =>
      virshCommand(plan, step, ['snapshot-delete', guestOf(plan).name, name, '--metadata']),
    ),
  text: (_, { names }) => ({ name: names[0] ?? '', count: names.length }),
  recordsAfter: ({ names }, records) => records.filter(({ name }) => !names.includes(name)),
};

/** The plan that makes libvirt forget snapshot records. It reads and writes no image. */
export function planForget(
  guest: Guest,
  intent: ForgetIntent,
  facts: Pick<PlanFacts, 'uri'>,
): PlanOf<ForgetIntent, ForgetStep> {
  const { hostId, uuid, name: guestName } = guest;
  const names = [...new Set(intent.names)];
  const known = new Map(guest.records.map((record) => [record.name, record]));
  const records = names.map((name) => known.get(name)).filter((record) => record !== undefined);
  const missing = names.filter((name) => !known.has(name));
  return {
    hostId,
    guest: { hostId, uuid },
    guestName,
    uris: { [hostId]: facts.uri },
    intent,
    fingerprint: JSON.stringify(records.map((record) => [record.name, record.createdAt])),
    disks: [],
    wholeGuest: false,
    steps: [{ kind: 'forget', hostId, names }],
    cost: NO_COST,
    refusals: missing.map((name) => problem('RECORD_UNKNOWN', { name })),
    warnings: records.flatMap((record) => warnings(record, guest.disks)),
    otherUsers: [],
  };
}

/** Names of the records that name an image that is not in the chains of these disks. */
export function staleNames(records: readonly SnapshotRecord[], disks: readonly Disk[]): readonly string[] {
  return records.filter((record) => isStale(record, disks)).map(({ name }) => name);
}

function warnings(record: SnapshotRecord, disks: readonly Disk[]): readonly Problem[] {
  const { name } = record;
  if (record.disks.some(({ kind }) => kind === 'internal')) return [problem('RECORD_INTERNAL', { name })];
  return isStale(record, disks) ? [] : [problem('RECORD_IN_USE', { name })];
}

/** A warning for each record that becomes stale. Records that are stale already need none. */
export function goingStale(disk: Disk, after: Chain, records: readonly SnapshotRecord[]): readonly Problem[] {
  return records
    .filter((record) => !isStale(record, [disk]) && isStale(record, [{ ...disk, chain: after }]))
    .map(({ name }) => problem('RECORD_STALE', { name }));
}
