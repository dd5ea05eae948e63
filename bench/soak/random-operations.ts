import { join } from 'node:path';
import type { Guest } from '../../model/fleet/guest.ts';
import { isStale } from '../../model/fleet/snapshot-record.ts';
import type { Intent } from '../../model/plans/intent.ts';
import type { Wanted } from '../../model/plans/shorten/cheapest.ts';
import type { Chance } from './random-source.ts';

/** Where new images may go. */
export interface Places {
  /** Folders on file systems of the host that both hosts can reach. */
  readonly folders: readonly string[];
  /** Ids of the hosts that the guest could migrate to. */
  readonly others: readonly string[];
}

/** So many images at most: with more, they are merged. */
const DEEPEST = 6;

/** Something that an operator could want of the guest as it is; `null` where there is nothing to do. */
export function wishFor(
  guest: Guest,
  { folders, others }: Places,
  serial: number,
  chance: Chance,
): Intent | null {
  const chain = guest.disks.find(({ target }) => target === 'vda')?.chain?.images ?? [];
  const runs = guest.state === 'running';
  const keys = chain.map(({ key }) => key);
  const stale = guest.records.filter((record) => isStale(record, guest.disks)).map(({ name }) => name);
  const name = `soak-${serial}`;
  const file = join(chance.of(folders), `${guest.name}-new-${serial}.qcow2`);
  const target = 'vda';
  const wishes: (() => Intent)[] = [];
  if (runs && keys.length < DEEPEST) {
    const disks = [{ target, file }];
    wishes.push(() => ({ kind: 'snapshot', name, description: 'soak', quiesce: false, disks }));
  }
  if (keys.length > 1) {
    const base = () => (chance.percent(30) ? null : chance.of(keys.slice(Math.min(2, keys.length - 1))));
    wishes.push(() => {
      const snapshotFirst = runs && chance.percent(30) ? { name, file } : null;
      return { kind: 'flatten', target, base: base(), snapshotFirst, forgetAfter: chance.percent(70) };
    });
  }
  if (runs && keys.length > 1) {
    wishes.push(() => {
      const top = chance.below(keys.length - 1);
      const lowest = top + 1 + chance.below(keys.length - top - 1);
      const run = { top: keys[top] ?? '', base: keys[lowest] ?? '' };
      return { kind: 'merge-down', target, ...run, forgetAfter: chance.percent(70) };
    });
  }
  if (runs && keys.length > 1) {
    const wanted: Wanted = chance.percent(50)
      ? { kind: 'only', image: chance.of(keys) }
      : { kind: 'above', base: chance.of(keys.slice(1)) };
    const forgetAfter = chance.percent(70);
    wishes.push(() => ({ kind: 'shorten', target, wanted, way: 'cheapest', pinned: [], forgetAfter }));
  }
  if (runs) wishes.push(() => ({ kind: 'move', target, file, way: chance.of(['copy', 'pull']) }));
  if (runs && others.length > 0) {
    const to = chance.of(others);
    // Its storage pools say where.
    const disks = [{ target, file: null }];
    wishes.push(() => ({ kind: 'migrate', to, disks, pull: chance.percent(80), forgetFirst: true }));
  }
  if (stale.length > 0) wishes.push(() => ({ kind: 'forget', names: stale }));
  return wishes.length === 0 ? null : chance.of(wishes)();
}
