import { destinationRefusals } from '../../../model/fleet/destination.ts';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { CopyStep } from '../../../model/plans/copy.ts';
import { guestOf, imageOf } from '../../../model/plans/plan.ts';
import { shellCommand } from '../../../model/plans/shell.ts';
import { ProblemError } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Call, StepDriver } from '../step-driver.ts';
import { MIRROR_BUFFER } from './block-job.ts';
import { judgePivotJob, pivoting } from './pivot-job.ts';

export const COPY = { job: 'copy', problems: 'COPY' } as const;

type CopyPorts = Pick<Ports, 'freshGuests' | 'diskJobs' | 'imageSpace' | 'jobs' | 'hosts' | 'destinations'>;

/** A copy of all that the guest reads into one new image, which is its active image afterwards. */
export function copy(ports: CopyPorts, plan: Plan, step: CopyStep): StepDriver {
  const { freshGuests, diskJobs, imageSpace, jobs, destinations } = ports;
  const { hostId, target, file, format } = step;
  const ref: DiskRef = { hostId, uuid: guestOf(plan).uuid, target };
  const made = imageOf(plan, file);
  return {
    refusedAs: 'COPY_REFUSED',
    countsWork: true,
    makesImage: true,
    ...pivoting(ports, plan, step, ref),
    async judge(memory) {
      const { guest, disk } = await freshGuests.disk(ref);
      return judgePivotJob(step, COPY, guest, disk, memory);
    },
    async start(bandwidth) {
      // Somebody may have put something there while the plan waited for its turn, and libvirt overwrites an empty file.
      const [refusal] = destinationRefusals(file, await destinations.inspect(hostId, file), 0);
      if (refusal !== undefined) throw new ProblemError('refused', refusal);
      await jobs.startCopy(ref, { file, format }, bandwidth);
    },
    abort: () => diskJobs.abortJob(ref),
    setSpeed: (bandwidth) => diskJobs.setSpeed(ref, bandwidth),
    async sample() {
      if (made === null) return null;
      const { job, allocated } = await diskJobs.sample(ref, made);
      // A ready job makes no more progress; `judge` decides what is next.
      if (job === null || job.ready) return null;
      return { position: job.cur, size: job.end, allocated, bandwidth: job.bandwidth };
    },
    freeSpace: { overrun: MIRROR_BUFFER, now: async () => made && imageSpace.freeSpaceNow(ref, made) },
    allocated: async () => made && imageSpace.allocatedBy(ref, made),
    leftover: (_state, { seen }) => leftoverOf(ports, ref, file, seen),
  };
}

/** The copy of a step that did not succeed. It is the step's own only where libvirt took the job: libvirt takes none over a file that holds anything. */
async function leftoverOf(
  { freshGuests, jobs, hosts }: CopyPorts,
  ref: DiskRef,
  file: string,
  seen: boolean,
): Promise<Call | null> {
  if (!seen) return null;
  const { disk } = await freshGuests.disk(ref);
  const isUsed = (hosts.usersOf(ref.hostId).get(file) ?? []).length > 0;
  if (disk.job !== null || isUsed || disk.chain?.images.some(({ key }) => key === file)) return null;
  return { command: shellCommand(['rm', file]), run: () => jobs.removeCopy(ref, file) };
}
