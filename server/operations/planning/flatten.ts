import { activeOf, positionOf } from '../../../model/fleet/chain.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type FlattenIntent, overlayOf, planFlatten } from '../../../model/plans/flatten.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';
import { destinationsOf } from './snapshot.ts';

/** What is known of a running guest that is flattened without a snapshot. */
const USUAL = { savedState: false, persistent: true };

/** Plans a flatten from what the host has now. Throws `BASE_NOT_IN_CHAIN`. */
export async function flattenPlan(
  ports: Pick<Ports, 'imageSpace' | 'allocationMaps' | 'snapshots' | 'destinations'>,
  guest: Guest,
  disk: Disk,
  intent: FlattenIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const { base } = intent;
  const now = disk.chain ?? { images: [] };
  if (disk.chain !== null && base !== null && positionOf(now, base) === -1) {
    throw new ProblemError('not-found', problem('BASE_NOT_IN_CHAIN', { base }));
  }
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid };
  const active = activeOf(now);
  const overlay = overlayOf(now, intent);
  const isUsual = isActive(guest) && intent.snapshotFirst === null;
  const [beside, maps, layouts, destinations, circumstances] = await Promise.all([
    active === null || overlay !== null ? null : ports.imageSpace.freeSpaceAt(ref, active),
    ports.allocationMaps.mapsOf(ref, now.images),
    ports.allocationMaps.layoutsOf(ref, active === null || overlay !== null ? [] : [active]),
    destinationsOf(ports, hostId, overlay === null ? [] : [overlay]),
    isUsual ? USUAL : ports.snapshots.circumstances(ref),
  ]);
  const freeSpace = overlay === null ? beside : (destinations.get(overlay)?.freeSpace ?? null);
  const { disks } = guest;
  return planFlatten(ref, disk, intent, {
    ...facts,
    ...circumstances,
    freeSpace,
    maps,
    layouts,
    destinations,
    disks,
  });
}
