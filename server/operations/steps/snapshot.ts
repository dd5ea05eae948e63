import type { Disk, GuestRef } from '../../../model/fleet/disk.ts';
import { diskOf, type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { virshCommand } from '../../../model/plans/command.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { overlayRefusals } from '../../../model/plans/snapshot-checks.ts';
import type { SnapshotStep } from '../../../model/plans/snapshot-step.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import { destinationsOf } from '../planning/snapshot.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';
import { isChain } from './block-job.ts';

/** Freezes the active images of some disks at one moment, under new overlays. One call does it for all of the disks, or for none. */
export function snapshot(
  {
    freshGuests,
    snapshots,
    hosts,
    destinations,
  }: Pick<Ports, 'freshGuests' | 'snapshots' | 'hosts' | 'destinations'>,
  plan: Plan,
  step: SnapshotStep,
): StepDriver {
  const { uuid, name: guest } = guestOf(plan);
  const ref: GuestRef = { hostId: step.hostId, uuid };
  return {
    refusedAs: 'SNAPSHOT_REFUSED',
    ...(step.quiesce ? { slow: problem('AGENT_SLOW', { guest }) } : {}),
    async judge(memory) {
      const now = await freshGuests.guest(ref);
      const verdict = judgeSnapshot(step, now, memory);
      if (verdict.do === 'settle') return verdict;
      if (!mayBeFrozen(step, now, memory)) return afterRefusal(verdict, memory);
      if (memory.thaw !== null) return afterThaw(verdict, memory, guest);
      if (memory.settled) return { do: 'thaw' };
      // An agent that ended may be back in a moment, and so may its connection to a libvirtd that was started again.
      const { agent } = await snapshots.circumstances(ref);
      return { do: agent === 'connected' ? 'thaw' : 'settle' };
    },
    thaw: { command: virshCommand(plan, step, ['domfsthaw', guest]), run: () => snapshots.thaw(ref) },
    async start() {
      // Somebody may have put something there, or filled it, while the plan waited for its turn, and libvirt overwrites an empty file.
      const files = step.disks.map(({ file }) => file);
      const facts = { destinations: await destinationsOf({ destinations }, step.hostId, files) };
      for (const disk of step.disks) {
        const [refusal] = overlayRefusals(disk, disk.file, facts);
        if (refusal !== undefined) throw new ProblemError('refused', refusal);
      }
      try {
        await snapshots.take(ref, step);
      } catch (error) {
        // libvirt also reports what went wrong after the snapshot was taken, such as a record that can't be written.
        if (hosts.isLost(error) || isFreezing(error) || !isTaken(step, await freshGuests.guest(ref)))
          throw error;
      }
    },
  };
}

/** What to do about a snapshot, from what libvirt has now: it is done when every disk is on its overlay and the record exists. */
export function judgeSnapshot(step: SnapshotStep, guest: Guest, memory: StepMemory): Verdict {
  const { intended, seen, cancelling, settled } = memory;
  const isRecorded = guest.records.some(({ name }) => name === step.name);
  if (isTaken(step, guest)) {
    if (!intended) return fail('CHAIN_CHANGED');
    if (isRecorded) return { do: 'done' };
    // libvirt writes the record last.
    return settled ? fail('SNAPSHOT_UNRECORDED', { name: step.name }) : { do: 'settle' };
  }
  const frozen = step.disks.map(({ target, before }) => ({ disk: diskOf(guest, target), before }));
  if (!frozen.every(({ disk, before }) => isChain(disk?.chain ?? null, before))) {
    return fail(intended ? 'SNAPSHOT_NOT_VERIFIED' : 'CHAIN_CHANGED');
  }
  if (seen) return fail('SNAPSHOT_NOT_VERIFIED');
  // libvirt 9.0 lists the record before it changes the disks, and continues when the process that asked for it is gone.
  if (intended && isRecorded && !settled) return { do: 'settle' };
  if (cancelling) return { do: 'cancel' };
  const busy = frozen.map(({ disk }) => disk).find(hasJob);
  if (busy) return fail('JOB_RUNNING', { target: busy.target, job: busy.job.kind });
  return isRecorded ? fail('SNAPSHOT_NAME_TAKEN', { name: step.name }) : { do: 'start' };
}

/**
 * Whether libvirt was asked to freeze the guest's file systems, and no answer came: where its daemon ended meanwhile, they stay
 * frozen for good. A call that returned has thawed them.
 */
function mayBeFrozen({ quiesce }: SnapshotStep, guest: Guest, { intended, seen }: StepMemory): boolean {
  return quiesce && intended && !seen && isActive(guest);
}

/** Whether libvirt may have left the file systems frozen, be the snapshot taken or not. */
function isFreezing(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'MAY_BE_FROZEN';
}

/** @param verdict by what libvirt has now */
function afterThaw(verdict: Verdict, { frozen, thaw }: StepMemory, guest: string): Verdict {
  const failure = thaw?.failure ?? null;
  if (frozen === null) return failure === null ? verdict : fail('MAY_BE_FROZEN', { guest, reason: failure });
  if (failure !== null) return fail('THAW_FAILED', { ...frozen.params, failure });
  // It is not taken once more: the guest was frozen for it already, and the agent failed.
  return verdict.do === 'done' ? verdict : fail('SNAPSHOT_THAWED', frozen.params);
}

/** The guest is off by now, so that nothing is frozen. */
function afterRefusal(verdict: Verdict, { frozen }: StepMemory): Verdict {
  return frozen === null || verdict.do === 'done' ? verdict : fail('SNAPSHOT_REFUSED', frozen.params);
}

function isTaken(step: SnapshotStep, guest: Guest): boolean {
  return step.disks.every(({ target, after }) => isChain(diskOf(guest, target)?.chain ?? null, after));
}

function hasJob(disk: Disk | null): disk is Disk & { job: NonNullable<Disk['job']> } {
  return disk?.job != null;
}
