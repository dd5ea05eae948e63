import { capabilitiesFor, UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { DiskRef, GuestRef } from '../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../model/fleet/guest.ts';
import { withCheckpoints } from '../../model/kinds/checkpoint-changes.ts';
import { hostsOf } from '../../model/kinds/claims.ts';
import { warnedOfConfinement } from '../../model/kinds/confined-commit.ts';
import { withKeptSnapshots } from '../../model/kinds/kept-snapshots.ts';
import type { HostIntent, Intent } from '../../model/kinds/kinds.ts';
import { warnedOfJobs } from '../../model/kinds/other-job.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { type Strategy, strategiesFor } from '../../model/kinds/strategy.ts';
import { type Rates, ratesOf, timeOf } from '../../model/operation/throughput.ts';
import { withBasis } from '../../model/plans/basis.ts';
import { planDelete } from '../../model/plans/delete.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Ports } from '../ports/ports.ts';
import { planFor } from './kinds.ts';
import type { CommonFacts } from './planning/common-facts.ts';
import { flattenPlan } from './planning/flatten.ts';
import { diskNamed } from './planning/guest-planner.ts';
import { shortenerOf } from './planning/shorten.ts';

/** Makes plans from what the host has now. */
export class Planner {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Throws a `ProblemError` where there is no such host, guest, disk or base, or the host is lost meanwhile. */
  async preview(ref: GuestRef, intent: Intent): Promise<Plan> {
    return this.#timed(await this.#asked(ref.hostId, this.#planned(ref, intent)));
  }

  async #planned(ref: GuestRef, intent: Intent): Promise<Plan> {
    const guest = await this.#ports.freshGuests.guest(ref);
    const plan = await planFor(this.#ports, guest, intent, this.#facts(guest));
    return this.#warned(plan, guest);
  }

  /** The plan of an intent about a host and none of its guests. */
  async previewOnHost(hostId: string, intent: HostIntent): Promise<Plan> {
    const { leftovers, hosts } = this.#ports;
    const found = await this.#asked(hostId, leftovers.find(hostId));
    return planDelete(intent, found, hosts.host(hostId)?.uri ?? '');
  }

  /** The same result by each strategy, all from one reading of the guest. Throws like `preview`. */
  strategies(disk: DiskRef, goal: Goal, pinned: readonly string[]): Promise<readonly Strategy[]> {
    return this.#asked(disk.hostId, this.#strategiesTo(disk, goal, pinned));
  }

  async #strategiesTo(
    { target, ...ref }: DiskRef,
    goal: Goal,
    pinned: readonly string[],
  ): Promise<readonly Strategy[]> {
    const guest = await this.#ports.freshGuests.guest(ref);
    const disk = diskNamed(guest, target);
    const intents = strategiesFor(disk.chain ?? { images: [] }, target, goal, pinned);
    const shorten = await shortenerOf(this.#ports, guest, disk, this.#facts(guest));
    return Promise.all(
      intents.map(async ({ name, intent }) => {
        if (intent === null) return { name, plan: null };
        const plan =
          intent.kind === 'flatten'
            ? flattenPlan(this.#ports, guest, disk, intent, this.#facts(guest))
            : shorten(intent);
        return { name, plan: await this.#timed(this.#warned(await plan, guest)) };
      }),
    );
  }

  /** The plan with what its guest adds to any plan. */
  #warned(plan: Plan, guest: Guest): Plan {
    const warned = warnedOfConfinement(warnedOfJobs(plan, guest), guest, this.#facts(guest).capabilities);
    return withKeptSnapshots(withCheckpoints(warned, guest), guest);
  }

  /** What a host answers. Throws `NOT_CONNECTED` where its connection breaks meanwhile. */
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

  /** The plan with the basis of its predictions, and with the time that its block jobs will take by what its hosts have done before. */
  async #timed(plan: Plan): Promise<Plan> {
    const rates = new Map<string, Rates>();
    for (const hostId of hostsOf(plan))
      rates.set(hostId, ratesOf(await this.#ports.history.succeeded(hostId)));
    const { allocationMaps } = this.#ports;
    const images = plan.disks.flatMap(({ now }) => now.images);
    const based = withBasis(
      plan,
      allocationMaps.basisOf(plan.hostId),
      allocationMaps.readErrorOf(plan.hostId, images),
    );
    const time = timeOf(based, (hostId) => rates.get(hostId) ?? new Map());
    return { ...based, cost: { ...based.cost, time } };
  }

  #facts(guest: Guest): CommonFacts {
    const { hosts } = this.#ports;
    const host = hosts.host(guest.hostId);
    return {
      uri: host?.uri ?? '',
      guestName: guest.name,
      guestRuns: isActive(guest),
      capabilities: capabilitiesFor(host?.capabilities ?? UNKNOWN_CAPABILITIES, guest),
      records: guest.records,
      reverts: guest.reverts,
      users: hosts.usersOf(guest.hostId),
    };
  }
}
