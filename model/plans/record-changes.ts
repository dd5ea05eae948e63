import type { Chain } from '../fleet/chain.ts';
import type { Disk } from '../fleet/disk.ts';
import { type Recorded, recordStates } from '../fleet/record-state.ts';
import type { AsideImage } from '../fleet/revert-basis.ts';
import { type Problem, problem } from '../problem.ts';
import { overlaid } from './overlay.ts';
import type { PlanFacts } from './plan.ts';
import { type SnapshotStep, snapshotStepKind } from './snapshot-step.ts';

/** The records and disks of the guest, with this disk as the plan has it. */
export function recordedOf(
  disk: Disk,
  { disks, records, reverts }: Pick<PlanFacts, 'records' | 'reverts'> & { readonly disks: readonly Disk[] },
): Recorded {
  return { disks: [...disks.filter(({ target }) => target !== disk.target), disk], records, reverts };
}

/** The same after the chain of a disk changed. The images that left it stay where they are. */
export function withChain(guest: Recorded, target: string, after: Chain): Recorded {
  const { disks, reverts } = guest;
  const now = disks.find((disk) => disk.target === target)?.chain?.images ?? [];
  const kept = new Set(after.images.map(({ key }) => key));
  const left = now.map(
    (image, i): AsideImage => ({ ...image, backing: now[i + 1]?.key ?? null, problem: null }),
  );
  return {
    ...guest,
    disks: disks.map((disk) => (disk.target === target ? { ...disk, chain: after } : disk)),
    reverts: reverts && {
      ...reverts,
      aside: [...reverts.aside, ...left.filter(({ key }) => !kept.has(key))],
    },
  };
}

/** The same after a snapshot, which is then the current one, and based on what was. */
export function withSnapshot(guest: Recorded, step: SnapshotStep): Recorded {
  const { disks, records, reverts } = guest;
  const files = new Map(step.disks.map(({ target, file }) => [target, file]));
  const later = snapshotStepKind.recordsAfter?.(step, records) ?? records;
  const parent = reverts?.current ?? null;
  return {
    disks: disks.map((disk) => {
      const file = files.get(disk.target);
      return disk.chain === null || file === undefined
        ? disk
        : { ...disk, chain: overlaid(disk.chain, file) };
    }),
    records: later.map((record) => (record.name === step.name ? { ...record, parent } : record)),
    reverts: reverts && { ...reverts, current: step.name },
  };
}

/**
 * What becomes of snapshots, but for those of which it is true already.
 * @param forgets whether the plan forgets those that become stale, so that there is nothing to say of them
 */
export function recordWarnings(before: Recorded, after: Recorded, forgets = false): readonly Problem[] {
  if (forgets && after.reverts === null) return [];
  const [was, will] = [recordStates(before), recordStates(after)];
  const names = after.records.map(({ name }) => name);
  const becoming = (state: string) =>
    names.filter((name) => will.get(name) === state && was.get(name) !== state);
  const detached = becoming('detached');
  return [
    ...becoming('stale').map((name) => problem('RECORD_STALE', { name })),
    ...(detached.length === 0
      ? []
      : [problem('RECORDS_NEED_IMAGES', { names: detached.join(', '), count: detached.length })]),
  ];
}
