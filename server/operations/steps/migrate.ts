import { keys } from '../../../model/fleet/chain.ts';
import { diskOf, type Guest } from '../../../model/fleet/guest.ts';
import type { GuestLocation } from '../../../model/fleet/guest-location.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { MemoryProgress } from '../../../model/operation/operation.ts';
import { virshCommand } from '../../../model/plans/command.ts';
import type { MigrateStep } from '../../../model/plans/migrate/migrate-step.ts';
import type { OverlayStep } from '../../../model/plans/migrate/overlay-step.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Sample, StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';
import { isChain } from './block-job.ts';

/** `null` while nothing is known: also before QEMU has said how much memory there is, where libvirt reports none at all. */
export function sampleOf(memory: MemoryProgress | null): Sample | null {
  if (memory === null || memory.total === 0) return null;
  const { total, remaining } = memory;
  return { position: total - remaining, size: total, allocated: null, memory };
}

/** The live migration itself. Until the switch the guest runs on the source, from then on at the destination. */
export function migrate({ freshGuests, hosts, migration }: Ports, plan: Plan, step: MigrateStep): StepDriver {
  const { migrations, overlays } = migration;
  const ref = { hostId: step.hostId, uuid: guestOf(plan).uuid };
  const away = { hostId: step.to, uuid: guestOf(plan).uuid };
  const names = { guest: guestOf(plan).name, host: hosts.host(step.to)?.name ?? step.to };
  const made = plan.steps.filter((one): one is OverlayStep => one.kind === 'overlay');
  return {
    refusedAs: 'MIGRATION_REFUSED',
    async judge(memory) {
      // Read first: once no migration runs any more, what is read afterwards does not change.
      const runs = (await migrations.progress(ref)) !== null;
      const [here, there] = await Promise.all([
        migrations.guestLocation(ref),
        migrations.guestLocation(away),
      ]);
      const verdict = judgeMigration(names, { runs, here, there }, memory);
      if (verdict.do !== 'done' || hasFiles(await freshGuests.guest(away), step)) return verdict;
      return fail('MIGRATION_NOT_VERIFIED', names);
    },
    async start(_bandwidth, failed) {
      // An overlay over anything but the guest's own images would give it other data.
      const now = await freshGuests.guest(ref);
      for (const { target, now: planned } of plan.disks) {
        const chain = diskOf(now, target)?.chain ?? null;
        if (!isChain(chain, keys(planned))) throw new ProblemError('conflict', problem('CHAIN_CHANGED'));
      }
      for (const one of made) {
        if ((await overlays.stateOf(one.hostId, one)) === 'untouched') continue;
        throw new ProblemError('conflict', problem('OVERLAY_TOUCHED', { path: one.file }));
      }
      await migrations.begin(ref, step.to, filesOf(step), failed);
    },
    abort: () => migrations.abort(ref),
    sample: async () => sampleOf(await migrations.progress(ref)),
    async leftover(_state, { intended }) {
      // The guest was not known there when the step was intended, so nobody else made what is there now.
      if (!intended || !(await migrations.isFailedCopy(away, filesOf(step)))) return null;
      return {
        command: virshCommand(plan, { hostId: step.to }, ['undefine', names.guest, '--keep-nvram']),
        run: () => migrations.forgetDefinition(away),
      };
    },
    finish: {
      command: virshCommand(plan, step, ['undefine', guestOf(plan).name, '--keep-nvram']),
      run: () => migrations.forgetDefinition(ref),
    },
  };
}

interface GuestLocations {
  /** Whether a migration takes the guest away from the source. */
  readonly runs: boolean;
  readonly here: GuestLocation;
  readonly there: GuestLocation;
}

/**
 * What to do about a migration, from where both hosts have the guest now. libvirt lets the guest run in one place only: until the
 * source knows that the destination runs it, the destination kills its copy; afterwards the source never resumes its own.
 */
export function judgeMigration(
  names: { readonly guest: string; readonly host: string },
  { runs, here, there }: GuestLocations,
  { intended, seen, cancelling, settled, reason }: StepMemory,
): Verdict {
  const settle = (then: Verdict): Verdict => (settled ? then : { do: 'settle' });
  if (runs) return intended ? { do: 'watch' } : fail('MIGRATION_RUNNING', names);
  if (!intended && there !== 'gone') return fail('GUEST_KNOWN_THERE', names);
  if (there === 'here') {
    if (here === 'gone') return { do: 'done' };
    // libvirt removes the definition last. Where its daemon ended before that, the definition is still there.
    if (here === 'stopped') return settle({ do: 'finish' });
    return settle(fail(here === 'here' ? 'MIGRATION_IN_DOUBT' : 'MIGRATION_LEFT_BEHIND', names));
  }
  if (here === 'moving') return settle(fail('MIGRATION_PAUSED', names));
  if (there === 'moving') return settle(fail('MIGRATION_IN_DOUBT', names));
  // The destination ended its copy, and is about to forget it: until then its overlay counts as in use, and would stay.
  if (there === 'stopped' && intended && !settled) return { do: 'settle' };
  if (here !== 'here') {
    if (cancelling) return { do: 'cancel' };
    return intended ? settle(fail('MIGRATION_STOPPED', names)) : fail('MIGRATE_NOT_RUNNING', names);
  }
  if (!intended) return { do: 'start' };
  if (cancelling) return reason === null ? settle({ do: 'cancel' }) : { do: 'cancel' };
  if (!seen) return settle({ do: 'start' });
  return reason === null ? settle(fail('MIGRATION_LOST', names)) : fail('MIGRATION_FAILED', { reason });
}

function filesOf({ disks }: MigrateStep): ReadonlyMap<string, string> {
  return new Map(disks.map(({ target, file }) => [target, file]));
}

function hasFiles(guest: Guest, { disks }: MigrateStep): boolean {
  return disks.every(({ target, file }) => diskOf(guest, target)?.chain?.images[0]?.key === file);
}
