import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { ShortenFacts } from '../../../model/plans/shorten/shorten.ts';
import type { Ports } from '../../ports/ports.ts';

/** What the host has at this moment that plans to shorten a disk's chain rest on. */
export async function shortenLook(
  { disks, dependents }: Pick<Ports, 'disks' | 'dependents'>,
  guest: Guest,
  disk: Disk,
): Promise<Pick<ShortenFacts, 'freeSpaces' | 'maps' | 'layouts' | 'dependents'>> {
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid };
  const images = disk.chain?.images ?? [];
  const [freeSpaces, maps, layouts, found] = await Promise.all([
    Promise.all(images.map(async (image) => [image.key, await disks.freeSpaceAt(ref, image)] as const)),
    disks.mapsOf(ref, images),
    disks.layoutsOf(ref, images),
    dependents.of({ ...ref, target: disk.target }, images),
  ]);
  const known = freeSpaces.flatMap(([key, freeSpace]) =>
    freeSpace === null ? [] : [[key, freeSpace] as const],
  );
  return { freeSpaces: new Map(known), maps, layouts, dependents: found };
}
