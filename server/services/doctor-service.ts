import { findings } from '../../model/doctor/doctor.ts';
import type { Finding } from '../../model/doctor/finding.ts';
import { checkFindings } from '../../model/doctor/image-check.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { claims } from '../../model/kinds/claims.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { type Problem, ProblemError, problem } from '../../model/problem.ts';
import { reasonOf } from '../../model/reason.ts';
import type { Doctor } from '../api/context.ts';
import { Examiner } from '../hosts/doctor/examiner.ts';
import type { Fleet } from '../hosts/fleet/fleet.ts';
import type { FreshGuests } from '../ports/fresh-guests.ts';

export interface DoctorParts {
  readonly fleet: Fleet;
  readonly freshGuests: FreshGuests;
  unfinished(): Promise<readonly Operation[]>;
}

/** The chain doctor as the API knows it. It examines only on request. */
export function doctorService({ fleet, freshGuests, unfinished }: DoctorParts): Doctor {
  const examiner = new Examiner(fleet, freshGuests);
  return {
    async examine(uuid) {
      const hosts = new Map(fleet.hosts().map((host) => [host.id, host]));
      const isThere = ({ hostId }: Guest) => hosts.get(hostId)?.state === 'connected';
      const wanted = fleet.guests().filter((guest) => uuid === null || guest.uuid === uuid);
      const plans = (await unfinished()).map(({ plan }) => plan);
      const isBusy = (disk: DiskRef) => plans.some((plan) => claims(plan, disk));
      const found: Finding[] = [];
      const notInspected = new Map<string, { hostName: string; problem: Problem }>();
      const failed: { guestName: string; problem: Problem }[] = [];
      let [guests, images] = [0, 0];
      const examined = wanted.filter(isThere).map(async (guest) => {
        try {
          const examination = await examiner.examine(guest, isBusy);
          guests += 1;
          for (const { chain } of examination.guest.disks) images += chain?.images.length ?? 0;
          found.push(...findings(examination));
          const hostName = hosts.get(guest.hostId)?.name ?? guest.hostId;
          if (examination.notInspected !== null)
            notInspected.set(guest.hostId, { hostName, problem: examination.notInspected });
        } catch (error) {
          // The guest is gone since the inventory was read.
          if (error instanceof ProblemError && error.kind === 'not-found') return;
          failed.push({ guestName: guest.name, problem: problemIn(error, 'EXAMINE_FAILED') });
        }
      });
      await Promise.all(examined);
      const lost = uuid === null ? [...hosts.keys()] : wanted.map(({ hostId }) => hostId);
      const lostHosts = lost.flatMap((id) => {
        const host = hosts.get(id);
        return host === undefined || host.state === 'connected' ? [] : [host.name];
      });
      return { findings: found, guests, images, failed, notInspected: [...notInspected.values()], lostHosts };
    },
    async check(disk) {
      try {
        const { guest, checks } = await examiner.check(disk);
        return { images: checks.length, findings: checkFindings(guest, disk.target, checks) };
      } catch (error) {
        if (error instanceof ProblemError) throw error;
        throw new ProblemError('failed', problemIn(error, 'CHECK_FAILED'), { cause: error });
      }
    },
  };
}

function problemIn(error: unknown, code: 'EXAMINE_FAILED' | 'CHECK_FAILED'): Problem {
  if (error instanceof ProblemError) return error.problem;
  return problem(code, { reason: reasonOf(error) });
}
