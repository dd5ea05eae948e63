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
import type { Disks } from '../../ports/guest-disks.ts';
import type { StepDriver } from '../step-driver.ts';
import { CHUNK, judgeJob } from './block-job.ts';

export const PULL = { job: 'pull', problems: 'PULL' } as const;

/** A pull of a disk's images into its active one. */
export function pull({ disks }: { readonly disks: Disks }, plan: Plan, step: PullStep): StepDriver {
  const { base, target, hostId } = step;
  const ref: DiskRef = { hostId, uuid: guestOf(plan).uuid, target };
  const active = imageOf(plan, step.before[0]);
  async function flush(): Promise<Problem | null> {
    const { guest } = await disks.lookAtDisk(ref);
    const named = { guest: guest.name, target };
    if (!isActive(guest)) return problem('FLUSH_MISSED', named);
    return active && (await disks.flush(ref, active)) ? null : problem('FLUSH_UNSURE', named);
  }
  return {
    refusedAs: 'PULL_REFUSED',
    isRepeatable: true,
    async judge(memory) {
      const { guest, disk } = await disks.lookAtDisk(ref);
      return judgeJob(step, PULL, guest, disk, memory);
    },
    async start(bandwidth) {
      await disks.startPull(ref, base === null ? null : await imageNow(disks, ref, base), bandwidth);
    },
    flush: { command: flushCommand(plan, step) ?? '', run: flush },
    writeback: async () => {
      if (active !== null) await disks.writeback(ref, active);
    },
    abort: () => disks.abortJob(ref),
    setSpeed: (bandwidth) => disks.setSpeed(ref, bandwidth),
    async sample() {
      if (active === null) return null;
      const { job, allocated } = await disks.sample(ref, active);
      return job && { position: job.cur, size: job.end, allocated, bandwidth: job.bandwidth };
    },
    work: () => workOf(disks, ref, base),
    freeSpace: { overrun: CHUNK, now: async () => active && disks.freeSpaceNow(ref, active) },
    allocated: async () => active && disks.allocatedBy(ref, active),
  };
}

async function workOf(disks: Disks, ref: DiskRef, base: string | null): Promise<JobWork | null> {
  const { disk } = await disks.lookAtDisk(ref);
  const chain = disk.chain ?? { images: [] };
  const [maps, layouts] = await Promise.all([
    disks.mapsOf(ref, chain.images),
    disks.layoutsOf(ref, chain.images.slice(0, 1)),
  ]);
  const toward = base === null ? chain.images.length : positionOf(chain, base);
  return toward === -1 ? null : workOfPull(chain, toward, { maps, layouts, guestRuns: true });
}

/** An image of the chain with what libvirt calls it now: the index of one without a path changes with every start of the guest. */
export async function imageNow(disks: Disks, ref: DiskRef, key: string): Promise<Image> {
  const { disk } = await disks.lookAtDisk(ref);
  const image = disk.chain?.images.find((one) => one.key === key);
  if (image === undefined) throw new ProblemError('conflict', problem('CHAIN_CHANGED'));
  return image;
}
