import type { Guest } from '../fleet/guest.ts';
import { type Recorded, recordStates } from '../fleet/record-state.ts';
import { lineOf, type SnapshotRecord } from '../fleet/snapshot-record.ts';
import { type Problem, problem } from '../problem.ts';
import { keepsBitmaps } from './bitmaps.ts';
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
  /** In the order in which they are removed. */
  readonly names: readonly string[];
}

export const forgetStepKind: StepKind<ForgetStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
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
  const { hostId, uuid, name: guestName, reverts } = guest;
  const names = [...new Set(intent.names)];
  const known = new Map(guest.records.map((record) => [record.name, record]));
  const records = names.map((name) => known.get(name)).filter((record) => record !== undefined);
  const missing = names.filter((name) => !known.has(name));
  // Where libvirt can revert to them, all of the guest's records count.
  const basis =
    reverts === null ? [] : [reverts.current, guest.records.map(({ name, parent }) => [name, parent])];
  return {
    hostId,
    guest: { hostId, uuid },
    guestName,
    uris: { [hostId]: facts.uri },
    intent,
    fingerprint: JSON.stringify([...records.map((record) => [record.name, record.createdAt]), ...basis]),
    disks: [],
    wholeGuest: false,
    steps: [{ kind: 'forget', hostId, names: inForgettingOrder(guest, names) }],
    cost: NO_COST,
    refusals: [
      ...missing.map((name) => problem('RECORD_UNKNOWN', { name })),
      ...forgetRefusals(
        guest,
        records.map(({ name }) => name),
      ),
    ],
    warnings: forgetWarnings(guest, records),
    otherUsers: [],
  };
}

/** What is lost with these records. */
export function forgetWarnings(guest: Recorded, records: readonly SnapshotRecord[]): readonly Problem[] {
  const states = recordStates(guest);
  return records.flatMap(({ name, disks }) => {
    if (disks.some(({ kind }) => kind === 'internal')) return [problem('RECORD_INTERNAL', { name })];
    const state = states.get(name);
    if (state === 'stale' || state === 'useless') return [];
    return [problem(guest.reverts === null ? 'RECORD_IN_USE' : 'RECORD_REVERTIBLE', { name })];
  });
}

/**
 * Why these records must not be forgotten while the guest's others stay. libvirt takes the parent of a forgotten current record
 * for the current one. Its next revert then deletes an image that a branch depends on, or, without a parent, ends the daemon;
 * tried with libvirt 11.3 and 12.8. All records together may go, and so may whole branches, and what can't be reverted to
 * beside the current line.
 */
export function forgetRefusals(guest: Recorded, names: readonly string[]): readonly Problem[] {
  const { records, reverts } = guest;
  const forgotten = new Set(names);
  if (reverts === null || records.every(({ name }) => forgotten.has(name))) return [];
  const states = recordStates(guest);
  const line = currentLine(guest);
  return names.flatMap((name) => {
    if (line === null || line.has(name)) return [problem('FORGET_CURRENT', { name })];
    const above = records.filter(({ name: other, parent }) => parent === name && !forgotten.has(other));
    return above.length === 0 || states.get(name) === 'useless'
      ? []
      : [problem('FORGET_BELOW', { name, names: above.map((record) => record.name).join(', ') })];
  });
}

/** Names of the current record and its ancestors; `null` if unknown. */
function currentLine({ records, reverts }: Recorded): ReadonlySet<string> | null {
  if (reverts === null || reverts.current === null) return new Set();
  const line = lineOf(records, reverts.current);
  return line && new Set(line.map(({ name }) => name));
}

/**
 * The names in an order in which the rest is safe whenever the forgetting is interrupted: branches first, from their ends, then
 * the current line from its beginning, so that the current record stays the current one until it goes as the last.
 */
export function inForgettingOrder(guest: Recorded, names: readonly string[]): readonly string[] {
  if (guest.reverts === null) return names;
  const line = currentLine(guest) ?? new Set();
  const depth = (name: string) => lineOf(guest.records, name)?.length ?? 0;
  return [
    ...names.filter((name) => !line.has(name)).toSorted((a, b) => depth(b) - depth(a)),
    ...names.filter((name) => line.has(name)).toSorted((a, b) => depth(a) - depth(b)),
  ];
}

/** Names of the records that nobody can revert to and that may be forgotten, the others staying. */
export function forgettable(guest: Recorded): readonly string[] {
  const states = recordStates(guest);
  const lost = guest.records
    .filter(({ name }) => ['stale', 'useless'].includes(states.get(name) ?? ''))
    .map(({ name }) => name);
  if (forgetRefusals(guest, lost).length === 0) return inForgettingOrder(guest, lost);
  const line = currentLine(guest);
  return line === null
    ? []
    : inForgettingOrder(
        guest,
        lost.filter((name) => !line.has(name)),
      );
}
