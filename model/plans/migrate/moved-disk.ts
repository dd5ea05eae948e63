import { activeOf, type Chain } from '../../fleet/chain.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { type Image, imagePath, UNKNOWN_TRAITS } from '../../fleet/image.ts';
import type { DiskThere, MigrationFacts } from './migration-facts.ts';

/** A disk that moves, with what the destination has of it. */
export interface MovedDisk {
  readonly disk: Disk;
  readonly now: Chain;
  readonly active: Image;
  readonly there: DiskThere;
  /** The chain right after the switch: a new active image over the present chain. */
  readonly over: Chain;
}

/** Whether the disk gets a new active image: the guest writes to it, and libvirt can put an overlay over it. */
export function movesStorage({ device, readOnly, chain }: Disk): boolean {
  const active = chain && activeOf(chain);
  return device === 'disk' && !readOnly && active !== null && imagePath(active) !== null;
}

/** The disks that get a new active image, as far as the destination was searched for them. */
export function movedDisks(guest: Guest, facts: MigrationFacts): readonly MovedDisk[] {
  return guest.disks.flatMap((disk) => {
    const there = facts.disks.get(disk.target);
    const now = disk.chain;
    const active = now && activeOf(now);
    if (there === undefined || now === null || active === null || !movesStorage(disk)) return [];
    return [{ disk, now, active, there, over: chainOver(now, active, there) }];
  });
}

function chainOver(now: Chain, active: Image, { file, images }: DiskThere): Chain {
  const overlay: Image = {
    key: file,
    source: { kind: 'file', path: file },
    format: 'qcow2',
    index: null,
    virtualSize: active.virtualSize,
    allocated: null,
    missing: false,
    traits: { ...UNKNOWN_TRAITS, known: true, clusterSize: 65536 },
  };
  const below = now.images.map((image, i) => ({ ...image, key: images[i]?.there ?? image.key, index: null }));
  return { images: [overlay, ...below] };
}
