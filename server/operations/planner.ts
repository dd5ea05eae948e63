import type { Disk, DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import { diskOf, type Guest, isActive } from '../../model/fleet/guest.ts';
import { hostsOf } from '../../model/kinds/claims.ts';
import type { HostIntent, Intent } from '../../model/kinds/kinds.ts';
import { warnedOfJobs } from '../../model/kinds/other-job.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { type Strategy, strategiesFor } from '../../model/kinds/strategy.ts';
import { type Rates, ratesOf, timeOf } from '../../model/operation/throughput.ts';
import { withBasis } from '../../model/plans/basis.ts';
import { planDelete } from '../../model/plans/delete.ts';
import { planResume } from '../../model/plans/fixes/resume.ts';
import { planForget } from '../../model/plans/forget.ts';
import type { PlanFacts } from '../../model/plans/plan.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import { type ShortenIntent, shortener } from '../../model/plans/shorten/shorten.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Ports } from '../ports/ports.ts';
import { fixPlanOf } from './planning/fix.ts';
import { flattenPlan } from './planning/flatten.ts';
import { mergeDownPlan } from './planning/merge-down.ts';
import { migrationPlan } from './planning/migrate.ts';
import { movePlan } from './planning/move.ts';
import { shortenLook } from './planning/shorten.ts';
import { snapshotPlan } from './planning/snapshot.ts';

/** Makes plans from what the host has at that moment. */
export class Planner {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Throws a `ProblemError` where there is no such host, guest, disk or base, or the host goes away meanwhile. */
  async preview(ref: GuestRef, intent: Intent): Promise<Plan> {
    return this.#timed(await this.#asked(ref.hostId, this.#planned(ref, intent)));
  }

  async #planned(ref: GuestRef, intent: Intent): Promise<Plan> {
    const guest = await this.#ports.disks.look(ref);
    return warnedOfJobs(await this.#planOf(guest, intent), guest);
  }

  async #planOf(guest: Guest, intent: Intent): Promise<Plan> {
    switch (intent.kind) {
      case 'flatten':
        return flattenPlan(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
      case 'snapshot':
        return snapshotPlan(this.#ports, guest, intent, this.#facts(guest));
      case 'forget':
        return planForget(guest, intent, this.#facts(guest));
      case 'migrate':
        return migrationPlan(this.#ports, guest, intent);
      case 'merge-down':
        return mergeDownPlan(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
      case 'shorten':
        return (await this.#shortener(guest, diskNamed(guest, intent.target)))(intent);
      case 'move':
        return movePlan(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
      case 'resume':
        return planResume(guest, intent, this.#facts(guest));
      case 'end-job':
      case 'redefine':
      case 'rewrite-header':
      case 'repair-leaks':
        return fixPlanOf(this.#ports, guest, diskNamed(guest, intent.target), intent, this.#facts(guest));
    }
  }

  /** The same for what is about a host and none of its guests. */
  async previewOnHost(hostId: string, intent: HostIntent): Promise<Plan> {
    const { leftovers, hosts } = this.#ports;
    const found = await this.#asked(hostId, leftovers.find(hostId));
    return planDelete(intent, found, hosts.host(hostId)?.uri ?? '');
  }

  /** The same result by each way that there is, from one look. Throws like `preview`. */
  strategies(disk: DiskRef, wanted: Goal, pinned: readonly string[]): Promise<readonly Strategy[]> {
    return this.#asked(disk.hostId, this.#strategiesTo(disk, wanted, pinned));
  }

  async #strategiesTo(
    { target, ...ref }: DiskRef,
    wanted: Goal,
    pinned: readonly string[],
  ): Promise<readonly Strategy[]> {
    const guest = await this.#ports.disks.look(ref);
    const disk = diskNamed(guest, target);
    const intents = strategiesFor(disk.chain ?? { images: [] }, target, wanted, pinned);
    const shorten = await this.#shortener(guest, disk);
    return Promise.all(
      intents.map(async ({ name, intent }) => {
        if (intent === null) return { name, plan: null };
        const plan =
          intent.kind === 'flatten'
            ? flattenPlan(this.#ports, guest, disk, intent, this.#facts(guest))
            : shorten(intent);
        return { name, plan: await this.#timed(warnedOfJobs(await plan, guest)) };
      }),
    );
  }

  async #shortener(guest: Guest, disk: Disk): Promise<(intent: ShortenIntent) => Plan> {
    const { hostId, uuid, disks } = guest;
    const look = await shortenLook(this.#ports, guest, disk);
    return shortener({ hostId, uuid }, disk, { ...this.#facts(guest), ...look, disks });
  }

  /** What a host answers; of one whose connection breaks meanwhile it is said that it is not connected. */
  async #asked<T>(hostId: string, answer: Promise<T>): Promise<T> {
    const { hosts } = this.#ports;
    try {
      return await answer;
    } catch (cause) {
      if (cause instanceof ProblemError || !hosts.isLost(cause)) throw cause;
      const host = hosts.host(hostId)?.name ?? hostId;
      throw new ProblemError('conflict', problem('NOT_CONNECTED', { host }), { cause });
    }
  }

  /** The plan with what its predictions stand on, and the time that its block jobs will take, by those that its hosts have done before. */
  async #timed(plan: Plan): Promise<Plan> {
    const rates = new Map<string, Rates>();
    for (const hostId of hostsOf(plan))
      rates.set(hostId, ratesOf(await this.#ports.history.succeeded(hostId)));
    const { disks } = this.#ports;
    const images = plan.disks.flatMap(({ now }) => now.images);
    const told = withBasis(plan, disks.basisOf(plan.hostId), disks.readErrorOf(plan.hostId, images));
    const time = timeOf(told, (hostId) => rates.get(hostId) ?? new Map());
    return { ...told, cost: { ...told.cost, time } };
  }

  /** What every plan rests on. */
  #facts(guest: Guest): Omit<PlanFacts, 'freeSpace' | 'maps'> {
    const { hosts } = this.#ports;
    const host = hosts.host(guest.hostId);
    return {
      uri: host?.uri ?? '',
      guestName: guest.name,
      guestRuns: isActive(guest),
      qemuVersion: host?.qemuVersion ?? null,
      records: guest.records,
      users: hosts.usersOf(guest.hostId),
    };
  }
}

/** Throws `DISK_UNKNOWN`. */
function diskNamed(guest: Guest, target: string): Disk {
  const disk = diskOf(guest, target);
  if (disk !== null) return disk;
  throw new ProblemError('not-found', problem('DISK_UNKNOWN', { target, guest: guest.name }));
}
