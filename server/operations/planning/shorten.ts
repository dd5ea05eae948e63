import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type ShortenFacts, type ShortenIntent, shortener } from '../../../model/plans/shorten/shorten.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';

type ShortenPorts = Pick<Ports, 'imageSpace' | 'allocationMaps' | 'dependents'>;

/** Plans to shorten a disk's chain from what the host has now. */
export async function shortenPlan(
  ports: ShortenPorts,
  guest: Guest,
  disk: Disk,
  intent: ShortenIntent,
  facts: CommonFacts,
): Promise<Plan> {
  return (await shortenerOf(ports, guest, disk, facts))(intent);
}

/** Makes any plan to shorten a disk's chain, all from one reading of what the host has now. */
export async function shortenerOf(
  ports: ShortenPorts,
  guest: Guest,
  disk: Disk,
  facts: CommonFacts,
): Promise<(intent: ShortenIntent) => Plan> {
  const { hostId, uuid, disks } = guest;
  return shortener({ hostId, uuid }, disk, { ...facts, ...(await shortenFacts(ports, guest, disk)), disks });
}

/** What the host has now that plans to shorten a disk's chain depend on. */
async function shortenFacts(
  { imageSpace, allocationMaps, dependents }: ShortenPorts,
  guest: Guest,
  disk: Disk,
): Promise<Pick<ShortenFacts, 'freeSpaces' | 'maps' | 'layouts' | 'dependents'>> {
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid };
  const images = disk.chain?.images ?? [];
  const [freeSpaces, maps, layouts, found] = await Promise.all([
    Promise.all(images.map(async (image) => [image.key, await imageSpace.freeSpaceAt(ref, image)] as const)),
    allocationMaps.mapsOf(ref, images),
    allocationMaps.layoutsOf(ref, images),
    dependents.of({ ...ref, target: disk.target }, images),
  ]);
  const known = freeSpaces.flatMap(([key, freeSpace]) =>
    freeSpace === null ? [] : [[key, freeSpace] as const],
  );
  return { freeSpaces: new Map(known), maps, layouts, dependents: found };
}
