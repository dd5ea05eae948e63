import type { JobWork } from '../../../model/cost/eta.ts';
import { workOfPull } from '../../../model/cost/pull-prediction.ts';
import { positionOf } from '../../../model/fleet/chain.ts';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import { isActive } from '../../../model/fleet/guest.ts';
import type { Image } from '../../../model/fleet/image.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { guestOf, imageOf } from '../../../model/plans/plan.ts';
import { flushCommand, type PullStep } from '../../../model/plans/pull.ts';
import { type Problem, ProblemError, problem } from '../../../model/problem.ts';
import type { FreshGuests } from '../../ports/fresh-guests.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { CHUNK, judgeJob } from './block-job.ts';

export const PULL = { job: 'pull', problems: 'PULL' } as const;

export type PullPorts = Pick<
  Ports,
  'freshGuests' | 'diskJobs' | 'diskFlush' | 'imageSpace' | 'allocationMaps'
>;

/** A pull of a disk's images into its active one. */
export function pull(ports: PullPorts, plan: Plan, step: PullStep): StepDriver {
  const { freshGuests, diskJobs, diskFlush, imageSpace } = ports;
  const { base, target, hostId, flush = 'resize' } = step;
  const ref: DiskRef = { hostId, uuid: guestOf(plan).uuid, target };
  const active = imageOf(plan, step.before[0]);
  async function flushed(kind: 'resize' | 'extend'): Promise<Problem | null> {
    const { guest } = await freshGuests.disk(ref);
    const named = { guest: guest.name, target };
    if (!isActive(guest)) return problem('FLUSH_MISSED', named);
    return active && (await diskFlush.flush(ref, active, kind)) ? null : problem('FLUSH_UNSURE', named);
  }
  return {
    refusedAs: 'PULL_REFUSED',
    isRepeatable: true,
    async judge(memory) {
      const { guest, disk } = await freshGuests.disk(ref);
      return judgeJob(step, PULL, guest, disk, memory);
    },
    async start(bandwidth) {
      await diskJobs.startPull(ref, base === null ? null : await imageNow(freshGuests, ref, base), bandwidth);
    },
    ...(flush !== 'none' && {
      flush: { command: flushCommand(plan, step) ?? '', run: () => flushed(flush) },
    }),
    writeback: async () => {
      if (active !== null) await diskFlush.writeback(ref, active);
    },
    abort: () => diskJobs.abortJob(ref),
    setSpeed: (bandwidth) => diskJobs.setSpeed(ref, bandwidth),
    async sample() {
      if (active === null) return null;
      const { job, allocated } = await diskJobs.sample(ref, active);
      return job && { position: job.cur, size: job.end, allocated, bandwidth: job.bandwidth };
    },
    work: () => workOf(ports, ref, base),
    freeSpace: { overrun: CHUNK, now: async () => active && imageSpace.freeSpaceNow(ref, active) },
    allocated: async () => active && imageSpace.allocatedBy(ref, active),
  };
}

async function workOf(
  { freshGuests, allocationMaps }: PullPorts,
  ref: DiskRef,
  base: string | null,
): Promise<JobWork | null> {
  const { disk } = await freshGuests.disk(ref);
  const chain = disk.chain ?? { images: [] };
  const [maps, layouts] = await Promise.all([
    allocationMaps.mapsOf(ref, chain.images),
    allocationMaps.layoutsOf(ref, chain.images.slice(0, 1)),
  ]);
  const toward = base === null ? chain.images.length : positionOf(chain, base);
  return toward === -1 ? null : workOfPull(chain, toward, { maps, layouts });
}

/** An image of the chain as libvirt names it now: the index of an image without a path changes with every start of the guest. */
export async function imageNow(freshGuests: FreshGuests, ref: DiskRef, key: string): Promise<Image> {
  const { disk } = await freshGuests.disk(ref);
  const image = disk.chain?.images.find((one) => one.key === key);
  if (image === undefined) throw new ProblemError('conflict', problem('CHAIN_CHANGED'));
  return image;
}
