import { hostsOf, needsPlace, needsTurn, shareGuest } from '../../model/kinds/claims.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Operation } from '../../model/operation/operation.ts';

/** Which operations with work for QEMU may run now: one at a time for a guest, and a few for a host. */
export class Turns {
  readonly #jobsPerHost: number;
  /** The plans of the operations that have their turn, by operation id. */
  readonly #taken = new Map<string, Plan>();

  constructor(jobsPerHost: number) {
    this.#jobsPerHost = jobsPerHost;
  }

  /**
   * Whether the operation may run now; if so, it has its turn until it is over. An operation that an earlier process started, or
   * that has no work for QEMU, does not wait.
   * @param ahead plans that have waited longer. One that needs two hosts keeps its place in both queues, so no other plan overtakes it
   */
  take({ id, plan, startedAt }: Operation, ahead: readonly Plan[]): boolean {
    if (!this.waits({ id, plan })) return true;
    if (startedAt === null && !this.#isFree(plan, ahead)) return false;
    this.#taken.set(id, plan);
    return true;
  }

  release(id: string): void {
    this.#taken.delete(id);
  }

  /** Whether the operation needs a turn and has none. */
  waits({ id, plan }: Pick<Operation, 'id' | 'plan'>): boolean {
    return needsTurn(plan) && !this.#taken.has(id);
  }

  /** Whether the guest has no other work, and its hosts have places. */
  #isFree(plan: Plan, ahead: readonly Plan[]): boolean {
    const running = [...this.#taken.values()];
    const isBusy = (one: Plan) => running.some((other) => shareGuest(one, other));
    // QEMU may die where a pull ends while it works for another disk: docs/adr/0020-one-guest-one-job.md.
    if (isBusy(plan) || ahead.some((one) => shareGuest(one, plan))) return false;
    if (!needsPlace(plan)) return true;
    // A plan that waits for its own guest keeps no other plan from starting.
    const before = [...running, ...ahead.filter((one) => !isBusy(one))].filter(needsPlace);
    return [...hostsOf(plan)].every(
      (hostId) => before.filter((one) => hostsOf(one).has(hostId)).length < this.#jobsPerHost,
    );
  }
}
