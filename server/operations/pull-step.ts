import { type Chain, fingerprint } from '../../model/chain.ts';
import { type Disk, type Guest, isActive } from '../../model/guest.ts';
import type { Plan } from '../../model/plan.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { JobEnding } from './ports.ts';

/** What is known of a pull beside what libvirt has now. */
export interface PullMemory {
  /** The journal says that it was about to be started. */
  readonly intended: boolean;
  /** libvirt said that it started, or it was seen running. */
  readonly seen: boolean;
  readonly cancelling: boolean;
  /** The job's end, where its event came. */
  readonly ending: JobEnding | null;
  /** QEMU's own words for a failure. */
  readonly reason: string | null;
  /** There was time for an event to come after the job had gone. */
  readonly settled: boolean;
}

export type Verdict =
  | { readonly do: 'start' | 'watch' | 'settle' | 'done' | 'cancel' }
  | { readonly do: 'fail'; readonly problem: Problem };

/**
 * What to do about a pull, from what libvirt has now. Pure, so that a fresh process that finds the operation in the
 * journal comes to the same as the one that started it. Only the chain itself is believed as success:
 * a job that is gone may as well have failed.
 */
export function judgePull(plan: Plan, guest: Guest, disk: Disk, memory: PullMemory): Verdict {
  const { intended, seen, cancelling, ending, settled } = memory;
  if (!intended && cancelling) return { do: 'cancel' };
  if (disk.job !== null) {
    if (intended && disk.job.kind === 'pull') return { do: 'watch' };
    return fail('JOB_RUNNING', { target: disk.target, job: disk.job.kind });
  }
  if (disk.chain !== null && sameImages(disk.chain, plan.after)) return { do: 'done' };
  if (!isActive(guest) && cancelling) return { do: 'cancel' };
  if (!isActive(guest)) return fail(seen ? 'GUEST_STOPPED' : 'GUEST_NOT_RUNNING', { guest: guest.name });
  const unchanged = disk.chain !== null && fingerprint(disk.chain) === plan.fingerprint;
  if (!unchanged) return fail(intended ? 'PULL_NOT_VERIFIED' : 'CHAIN_CHANGED', {});
  if (!seen) return cancelling ? { do: 'cancel' } : { do: 'start' };
  if (ending === 'cancelled') return cancelling ? { do: 'cancel' } : fail('JOB_ABORTED_ELSEWHERE', {});
  if (memory.reason !== null) return fail('PULL_FAILED', { reason: memory.reason });
  if (!settled) return { do: 'settle' };
  if (cancelling) return { do: 'cancel' };
  if (ending === 'failed') return fail('PULL_FAILED', { reason: 'QEMU gave no reason' });
  return ending === 'completed' ? fail('PULL_NOT_VERIFIED', {}) : fail('JOB_LOST', { target: disk.target });
}

function fail(code: string, params: Problem['params']): Verdict {
  return { do: 'fail', problem: problem(code, params) };
}

function sameImages(a: Chain, b: Chain): boolean {
  return a.images.length === b.images.length && a.images.every((image, i) => image.key === b.images[i]?.key);
}
