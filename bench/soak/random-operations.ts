import { join } from 'node:path';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import { forgettable } from '../../model/plans/forget.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import type { RandomSource } from './random-source.ts';

/** Where new images may go. */
export interface Folders {
  /** Folders on file systems of the host that both hosts can reach. */
  readonly folders: readonly string[];
  /** Ids of the hosts that the guest could migrate to. */
  readonly others: readonly string[];
}

/** So many images at most: with more, they are merged. */
const DEEPEST = 6;

/** Something that an operator could want of the guest as it is; `null` where there is nothing to do. */
export function randomOperation(
  guest: Guest,
  { folders, others }: Folders,
  serial: number,
  random: RandomSource,
): Intent | null {
  const target = 'vda';
  const chain = guest.disks.find((disk) => disk.target === target)?.chain?.images ?? [];
  const runs = guest.state === 'running';
  const keys = chain.map(({ key }) => key);
  const forgotten = forgettable(guest);
  const name = `soak-${serial}`;
  const file = join(random.of(folders), `${guest.name}-new-${serial}.qcow2`);
  const randomOperations: (() => Intent)[] = [];
  if (runs && keys.length < DEEPEST) {
    const disks = [{ target, file }];
    randomOperations.push(() => ({ kind: 'snapshot', name, description: 'soak', quiesce: false, disks }));
  }
  if (keys.length > 1) {
    const base = () => (random.percent(30) ? null : random.of(keys.slice(Math.min(2, keys.length - 1))));
    randomOperations.push(() => {
      const snapshotFirst = runs && random.percent(30) ? { name, file } : null;
      return { kind: 'flatten', target, base: base(), snapshotFirst, forgetAfter: random.percent(70) };
    });
  }
  if (runs && keys.length > 1) {
    randomOperations.push(() => {
      const top = random.below(keys.length - 1);
      const lowest = top + 1 + random.below(keys.length - top - 1);
      const run = { top: keys[top] ?? '', base: keys[lowest] ?? '' };
      return { kind: 'merge-down', target, ...run, forgetAfter: random.percent(70) };
    });
  }
  if (runs && keys.length > 1) {
    const goal: Goal = random.percent(50)
      ? { kind: 'only', image: random.of(keys) }
      : { kind: 'above', base: random.of(keys.slice(1)) };
    const forgetAfter = random.percent(70);
    randomOperations.push(() => ({
      kind: 'shorten',
      target,
      goal,
      strategy: 'cheapest',
      pinned: [],
      forgetAfter,
    }));
  }
  if (runs)
    randomOperations.push(() => ({ kind: 'move', target, file, strategy: random.of(['copy', 'pull']) }));
  if (runs && others.length > 0) {
    const to = random.of(others);
    // Its storage pools say where.
    const disks = [{ target, file: null }];
    randomOperations.push(() => ({
      kind: 'migrate',
      to,
      disks,
      pull: random.percent(80),
      forgetFirst: true,
    }));
  }
  if (forgotten.length > 0) randomOperations.push(() => ({ kind: 'forget', names: forgotten }));
  return randomOperations.length === 0 ? null : random.of(randomOperations)();
}
