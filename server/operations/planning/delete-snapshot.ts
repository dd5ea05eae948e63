import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Image } from '../../../model/fleet/image.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import {
  type DeleteSnapshotIntent,
  planDeleteSnapshot,
} from '../../../model/plans/delete-snapshot/delete-snapshot.ts';
import { deletionOf, isProblem } from '../../../model/plans/delete-snapshot/snapshot-deletion.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';

/** Plans the deletion of a snapshot from what the host has now. */
export async function deleteSnapshotPlan(
  {
    snapshots,
    dependents,
    imageSpace,
    allocationMaps,
  }: Pick<Ports, 'snapshots' | 'dependents' | 'imageSpace' | 'allocationMaps'>,
  guest: Guest,
  intent: DeleteSnapshotIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid };
  const found = deletionOf(guest, intent.name);
  const { merges, dropped } = isProblem(found) ? { merges: [], dropped: [] } : found;
  const bases = merges.map(({ base }) => base);
  const images = merges.flatMap(({ now }) => now.images);
  const written = merges.flatMap(({ base, now }) => [base, ...now.images.slice(0, 1)]);
  const asked = [
    ...merges.map(({ target, overlay, base }) => ({ target, images: [overlay, base] })),
    ...dropped.map(({ target, image }) => ({ target, images: [image] })),
  ];
  const [circumstances, spaces, maps, layouts, users] = await Promise.all([
    snapshots.circumstances(ref),
    Promise.all(bases.map(async (base) => [base.key, await imageSpace.freeSpaceAt(ref, base)] as const)),
    allocationMaps.mapsOf(ref, images),
    allocationMaps.layoutsOf(ref, written),
    Promise.all(asked.map((one) => dependentsOf({ dependents }, { ...ref, target: one.target }, one.images))),
  ]);
  return planDeleteSnapshot(guest, intent, {
    ...facts,
    ...{ savedState: circumstances.savedState, maps, layouts },
    freeSpaces: new Map(spaces),
    dependents: users,
  });
}

async function dependentsOf(
  { dependents }: Pick<Ports, 'dependents'>,
  ref: DiskRef,
  images: readonly Image[],
) {
  return { images, found: await dependents.of(ref, images) };
}
