import type { Disk, DiskRef } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { virshCommand } from '../../../model/plans/command.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { ShutOffPullStep } from '../../../model/plans/pull.ts';
import type { StartState } from '../../ports/paused-starts.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Call, StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';
import { isChain, judgeJob } from './block-job.ts';
import { PULL, type PullPorts, pull } from './pull.ts';

/**
 * A pull of a guest that is shut off: the guest is started paused, its disk pulled, and the guest destroyed. It never runs an
 * instruction. A guest that somebody resumes meanwhile is not destroyed.
 */
export function shutOffPull(
  ports: PullPorts & Pick<Ports, 'pausedStarts'>,
  plan: Plan,
  step: ShutOffPullStep,
): StepDriver {
  const { freshGuests, pausedStarts } = ports;
  const ref: DiskRef = { hostId: step.hostId, uuid: guestOf(plan).uuid, target: step.target };
  // QEMU writes everything to the disk when it ends in good order, but libvirt kills it where that takes more than ten seconds, so the
  // pull's own flush comes before.
  const pulling = pull(ports, plan, { ...step, kind: 'pull' });
  const startState = async (): Promise<GuestStart> => {
    const found = await pausedStarts.startState(ref);
    return found === 'off' && pausedStarts.isBound(ref) ? 'died' : found;
  };
  const destroy: Call = {
    command: virshCommand(plan, step, ['destroy', guestOf(plan).name]),
    run: () => pausedStarts.destroy(ref),
  };
  return {
    ...pulling,
    refusedAs: 'SHUT_OFF_PULL_REFUSED',
    async judge(memory) {
      const { guest, disk } = await freshGuests.disk(ref);
      return judgeShutOffPull(step, guest, disk, await startState(), memory);
    },
    async start(bandwidth, failed) {
      await pausedStarts.start(ref);
      try {
        await pulling.start(bandwidth, failed);
      } catch (error) {
        // An earlier process started it, and libvirt has just destroyed it because that process is gone: `judge` starts it again.
        if ((await startState()) !== 'off') throw error;
      }
    },
    finish: destroy,
    async leftover() {
      return (await startState()) === 'paused' ? destroy : null;
    },
  };
}

/** `died`: shut off though this process started it for this step. */
export type GuestStart = StartState | 'died';

/** What to do about the pull, from what libvirt has now. */
export function judgeShutOffPull(
  step: ShutOffPullStep,
  guest: Guest,
  disk: Disk,
  startState: GuestStart,
  memory: StepMemory,
): Verdict {
  const { intended, seen, finishing, cancelling, reason } = memory;
  const named = { guest: guest.name };
  switch (startState) {
    case 'off':
    case 'died':
      // The pull was over while the guest was up. Pools, which know the chain where files can't be read, may lag behind.
      if (finishing) return { do: 'done' };
      if (isChain(disk.chain, step.after)) return intended ? { do: 'done' } : fail('CHAIN_CHANGED');
      if (!isChain(disk.chain, step.before)) return fail(intended ? 'PULL_NOT_VERIFIED' : 'CHAIN_CHANGED');
      if (cancelling) return { do: 'cancel' };
      if (reason !== null) return fail('PULL_FAILED', { reason });
      // The process that started the guest is gone, and libvirt has destroyed the guest for that: what was copied is skipped now.
      return startState === 'died' && seen ? fail('GUEST_STOPPED', named) : { do: 'start' };
    case 'other':
      return fail(intended ? 'GUEST_TAKEN_OVER' : 'GUEST_STARTED', named);
    case 'paused': {
      const verdict = judgeJob(step, PULL, guest, disk, memory);
      return verdict.do === 'done' ? { do: 'finish' } : verdict;
    }
    case 'resumed': {
      const verdict = judgeJob(step, PULL, guest, disk, memory);
      return ['done', 'start', 'wait'].includes(verdict.do) ? fail('GUEST_RESUMED', named) : verdict;
    }
  }
}
