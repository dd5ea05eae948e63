import type { Plan } from '../../../model/kinds/plan.ts';
import { virshCommand } from '../../../model/plans/command.ts';
import type { OverlayStep } from '../../../model/plans/migrate/overlay-step.ts';
import { guestOf } from '../../../model/plans/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import type { StepDriver } from '../step-driver.ts';
import { fail, type StepMemory, type Verdict } from '../verdict.ts';

/** An empty overlay at the destination of a migration. It is removed when the migration does not succeed. */
export function overlay({ migration, hosts }: Ports, plan: Plan, step: OverlayStep): StepDriver {
  const { hostId, file } = step;
  const { overlays, migrations } = migration;
  const { uuid } = guestOf(plan);
  /**
   * Whether a guest of that host has the image, or is about to have it. The host is asked about the migrated guest itself: the
   * inventory may still have a copy that was ended a moment ago.
   */
  const isInUse = async () => {
    if ((await migrations.guestLocation({ hostId, uuid })) !== 'gone') return true;
    return (hosts.usersOf(hostId).get(file) ?? []).some((user) => user.uuid !== uuid);
  };
  return {
    refusedAs: 'OVERLAY_REFUSED',
    judge: async (memory) => judgeOverlay(file, await overlays.stateOf(hostId, step), memory),
    start: () => overlays.make(hostId, step),
    async leftover(state) {
      // A call that failed made nothing, so any file at the path is somebody else's.
      if (state === 'failed' || (await isInUse())) return null;
      if ((await overlays.stateOf(hostId, step)) !== 'untouched') return null;
      return {
        command: virshCommand(plan, step, ['vol-delete', file]),
        run: () => overlays.remove(hostId, step),
      };
    },
  };
}

/** What to do about an overlay, from what the host's pools know now. */
export function judgeOverlay(
  path: string,
  state: 'none' | 'untouched' | 'other',
  { intended, cancelling, settled }: StepMemory,
): Verdict {
  if (state === 'none') {
    if (intended && cancelling) return { do: 'cancel' };
    // The daemon that an earlier process called may still be making it.
    return { do: intended && !settled ? 'settle' : 'start' };
  }
  if (state === 'other' || !intended) return fail('DESTINATION_EXISTS', { path });
  return { do: cancelling ? 'cancel' : 'done' };
}
