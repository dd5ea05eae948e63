import type { Chain } from '../../model/chain.ts';
import type { Disk, DiskRef } from '../../model/guest.ts';
import { type Image, UNKNOWN_TRAITS } from '../../model/image.ts';
import type { ImageUser } from '../../model/sharing.ts';
import type { SnapshotRecord } from '../../model/snapshot-record.ts';

/** Short ways to what the tests of the graph draw. */

export const REF: DiskRef = { hostId: 'alpha', uuid: 'self', target: 'vda' };

export function image(key: string, more: Partial<Image> = {}): Image {
  return {
    key,
    source: { kind: 'file', path: key },
    format: 'qcow2',
    index: null,
    virtualSize: 1000,
    allocated: 10,
    missing: false,
    traits: { ...UNKNOWN_TRAITS, known: true },
    ...more,
  };
}

/** A chain from the active image down. */
export function chainOf(...keys: readonly string[]): Chain {
  return { images: keys.map((key) => image(key)) };
}

/** `l0` the active image, `l1` its backing image, and so on. */
export function deepChain(depth: number): Chain {
  return chainOf(...Array.from({ length: depth }, (_, i) => `l${i}`));
}

export function diskWith(chain: Chain | null, more: Partial<Disk> = {}): Disk {
  return { target: 'vda', device: 'disk', readOnly: false, chain, problem: null, job: null, ...more };
}

export function user(guestName: string, target = 'vda'): ImageUser {
  return { hostId: 'alpha', uuid: guestName, guestName, target };
}

export function record(name: string, frozen: string | null, overlay: string | null): SnapshotRecord {
  const disks = [{ target: 'vda', kind: 'external', frozen, overlay }] as const;
  return { name, description: null, createdAt: 0, parent: null, disks };
}

/** Who uses what, this disk included. */
export function usersOf(
  chain: Chain,
  others: Readonly<Record<string, readonly ImageUser[]>>,
): ReadonlyMap<string, readonly ImageUser[]> {
  const self = { ...REF, guestName: 'self' };
  return new Map(chain.images.map(({ key }) => [key, [self, ...(others[key] ?? [])]]));
}
