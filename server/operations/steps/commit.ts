import { workOfCommit } from '../../../model/cost/commit-prediction.ts';
import { positionOf } from '../../../model/fleet/chain.ts';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { ActiveCommitStep, CommitStep } from '../../../model/plans/commit.ts';
import { guestOf, imageOf } from '../../../model/plans/plan.ts';
import { sharedRefusals } from '../../../model/plans/shared-refusals.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { CHUNK, judgeJob, MIRROR_BUFFER } from './block-job.ts';
import { explained, unlessDenied } from './denial.ts';
import { imageNow } from './pull.ts';

export type CommitPorts = Pick<
  Ports,
  'freshGuests' | 'diskJobs' | 'imageSpace' | 'allocationMaps' | 'jobs' | 'dependents' | 'hosts'
>;

export const COMMIT = { job: 'commit', problems: 'COMMIT' } as const;

/** A commit of images below the active one into a lower one. */
export function commit(ports: CommitPorts, plan: Plan, step: CommitStep): StepDriver {
  const { freshGuests, allocationMaps, hosts, jobs } = ports;
  const ref = refOf(plan, step);
  return {
    ...commitDriver(ports, plan, step),
    isRepeatable: true,
    async judge(memory) {
      const { guest, disk } = await freshGuests.disk(ref);
      return explained(judgeJob(step, COMMIT, guest, disk, memory), guest);
    },
    async work() {
      const { disk } = await freshGuests.disk(ref);
      const chain = disk.chain ?? { images: [] };
      const [first, last] = [positionOf(chain, step.top), positionOf(chain, step.base)];
      const maps = await allocationMaps.mapsOf(
        ref,
        chain.images.slice(Math.max(0, first), Math.max(0, last)),
      );
      const keepsZeros = hosts.host(ref.hostId)?.capabilities.commitKeepsZeros === true;
      return first === -1 || last === -1 ? null : workOfCommit(chain, first, last, maps, keepsZeros);
    },
    async start(bandwidth) {
      await refuseShared(ports, ref, step);
      const [top, base] = [
        await imageNow(freshGuests, ref, step.top),
        await imageNow(freshGuests, ref, step.base),
      ];
      await unlessDenied(ports, ref, jobs.startCommit(ref, top, base, bandwidth));
    },
  };
}

/** What commits have in common: they write into their base. */
export function commitDriver(
  { diskJobs, imageSpace }: CommitPorts,
  plan: Plan,
  step: CommitStep | ActiveCommitStep,
) {
  const ref = refOf(plan, step);
  const base = imageOf(plan, step.base);
  return {
    refusedAs: 'COMMIT_REFUSED' as const,
    abort: () => diskJobs.abortJob(ref),
    setSpeed: (bandwidth: number) => diskJobs.setSpeed(ref, bandwidth),
    async sample() {
      if (base === null) return null;
      const { job, allocated } = await diskJobs.sample(ref, base);
      // A ready job makes no more progress; `judge` decides what is next.
      if (job === null || job.ready) return null;
      return { position: job.cur, size: job.end, allocated, bandwidth: job.bandwidth };
    },
    freeSpace: {
      overrun: step.kind === 'commit' ? CHUNK : MIRROR_BUFFER,
      now: async () => base && imageSpace.freeSpaceNow(ref, base),
    },
    allocated: async () => base && imageSpace.allocatedBy(ref, base),
  };
}

/** Something may depend on the images since the plan was made, while it waited for its turn. Throws the problem. */
export async function refuseShared(
  { freshGuests, dependents }: CommitPorts,
  ref: DiskRef,
  step: CommitStep | ActiveCommitStep,
): Promise<void> {
  const { disk } = await freshGuests.disk(ref);
  const chain = disk.chain ?? { images: [] };
  const kept = new Set(step.after.filter((key) => key !== step.base));
  const images = chain.images.filter(({ key }) => !kept.has(key));
  const [refusal] = sharedRefusals(await dependents.of(ref, images), chain);
  if (refusal !== undefined) throw new ProblemError('refused', refusal);
}

export function refOf(plan: Plan, { hostId, target }: CommitStep | ActiveCommitStep): DiskRef {
  return { hostId, uuid: guestOf(plan).uuid, target };
}
