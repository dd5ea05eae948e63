import type { Guest } from '../../fleet/guest.ts';
import { isMisset, neededImages, type RecordState, recordState } from '../../fleet/record-state.ts';
import { leadOf } from '../../fleet/revert-basis.ts';
import type { SnapshotRecord } from '../../fleet/snapshot-record.ts';
import { type Problem, problem } from '../../problem.ts';
import type { ProblemCode } from '../../problem-code.ts';
import { deletedFrom } from './reverted-disk.ts';

/**
 * Why libvirt must not be asked to revert the guest to this snapshot as things are. It is asked when the plan is made, for the
 * moment when the revert comes, and again right before it.
 */
export function revertRefusals(guest: Guest, name: string): readonly Problem[] {
  const { records, reverts } = guest;
  // Before 9.9 libvirt reverts to no external snapshot.
  if (reverts === null) return [problem('REVERT_UNSUPPORTED')];
  const record = records.find((one) => one.name === name);
  if (record === undefined) return [problem('RECORD_UNKNOWN', { name })];
  if (record.disks.some(({ kind }) => kind === 'internal')) return [problem('REVERT_INTERNAL', { name })];
  if (record.memory) return [problem('REVERT_MEMORY', { name })];
  const volume = record.disks.find((disk) => disk.volume);
  if (volume !== undefined) return [problem('REVERT_VOLUME', { name, target: volume.target })];
  const current = records.find((one) => one.name === reverts.current);
  if (current === undefined || isMisset(guest, current)) {
    return [problem('REVERT_MISSET')];
  }
  const missing = missingIn(guest, record);
  const code = missing === 'none' ? REFUSED[recordState(guest, name)] : 'REVERT_USELESS';
  if (code !== undefined) return [problem(code, { name, image: missing })];
  return [...deletedButNeeded(guest, current)];
}

/** A snapshot in any other state can be reverted to. */
const REFUSED: Readonly<Partial<Record<RecordState, ProblemCode>>> = {
  useless: 'REVERT_USELESS',
  merged: 'REVERT_CHANGED',
  written: 'REVERT_WRITTEN',
  unknown: 'REVERT_UNKNOWN',
  misset: 'REVERT_MISSET',
  stale: 'REVERT_USELESS',
};

/** Key of the first image that the snapshot needs and that is missing; `none` if none is known to be. */
function missingIn(guest: Guest, { disks, media = [] }: SnapshotRecord): string {
  const named = [...disks.map(({ frozen }) => frozen), ...media.map(({ image }) => image)];
  const needed = named.flatMap((key) => (key === null ? [] : leadOf(guest, key).images));
  return needed.find(({ missing }) => missing)?.key ?? 'none';
}

/** Images that libvirt would delete though one of the snapshots needs them. */
function deletedButNeeded(guest: Guest, current: SnapshotRecord): readonly Problem[] {
  const { records } = guest;
  // What only the last revert to the current one made is what goes.
  const others = records.map((record) => (record === current ? withoutReverted(record) : record));
  const needed = neededImages({ ...guest, records: others });
  return deletedFrom(current)
    .filter((key) => needed.has(key))
    .map((image) => problem('REVERT_DELETES_NEEDED', { image }));
}

function withoutReverted(record: SnapshotRecord): SnapshotRecord {
  const disks = record.disks.map(({ target, kind, frozen, overlay }) => ({ target, kind, frozen, overlay }));
  return { ...record, disks };
}
