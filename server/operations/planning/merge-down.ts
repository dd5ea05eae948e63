import { positionOf } from '../../../model/fleet/chain.ts';
import { NO_DEPENDENTS } from '../../../model/fleet/dependents.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { type MergeDownIntent, planMergeDown, runOf } from '../../../model/plans/merge-down.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';

/** Plans a merge from what the host has now. Throws `BASE_NOT_IN_CHAIN`. */
export async function mergeDownPlan(
  { imageSpace, allocationMaps, dependents }: Pick<Ports, 'imageSpace' | 'allocationMaps' | 'dependents'>,
  guest: Guest,
  disk: Disk,
  intent: MergeDownIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const { hostId, uuid } = guest;
  const ref = { hostId, uuid, target: disk.target };
  const now = disk.chain ?? { images: [] };
  for (const end of [intent.top, intent.base]) {
    if (disk.chain === null || positionOf(now, end) !== -1) continue;
    throw new ProblemError('not-found', problem('BASE_NOT_IN_CHAIN', { base: end }));
  }
  const run = runOf(now, intent);
  const [freeSpace, maps, layouts, found] = await Promise.all([
    run && imageSpace.freeSpaceAt(ref, run.base),
    allocationMaps.mapsOf(ref, now.images),
    allocationMaps.layoutsOf(ref, run === null ? [] : [run.base, ...now.images.slice(0, 1)]),
    run === null ? NO_DEPENDENTS : dependents.of(ref, [...run.merged, run.base]),
  ]);
  const more = { freeSpace, maps, layouts, dependents: found, disks: guest.disks };
  return planMergeDown({ hostId, uuid }, disk, intent, { ...facts, ...more });
}
