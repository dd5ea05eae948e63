import type { JobEnd } from '../../ports/job-end.ts';

type JobOfGuest = Pick<JobEnd, 'uuid' | 'target'>;

/**
 * Joins the two events of a block job that failed: libvirt's says that it failed, and QEMU's, which comes right before, says why.
 */
export class JobEnds {
  readonly #report: (end: Omit<JobEnd, 'hostId'>) => void;
  /** Of jobs whose end libvirt has not reported yet. */
  readonly #reasons = new Map<string, string>();

  constructor(report: (end: Omit<JobEnd, 'hostId'>) => void) {
    this.#report = report;
  }

  failed({ uuid, target }: JobOfGuest, reason: string): void {
    this.#reasons.set(`${uuid}/${target}`, reason);
  }

  ended(job: JobOfGuest, status: JobEnd['status']): void {
    // The two events have readers of their own; in the next turn both have read what came before.
    if (status === 'failed') setImmediate(() => this.#report({ ...job, status, reason: this.#take(job) }));
    else this.#report({ ...job, status, reason: null });
  }

  #take({ uuid, target }: JobOfGuest): string | null {
    const key = `${uuid}/${target}`;
    const reason = this.#reasons.get(key) ?? null;
    this.#reasons.delete(key);
    return reason;
  }
}
