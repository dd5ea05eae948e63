import type { JournalEvent } from '../../model/operation/operation.ts';
import type { Journal } from '../../server/ports/journal.ts';

/**
 * Where something dies, such as `after step-intended 0` (the journal says so, libvirt was not called), `before
 * step-running 0` (libvirt was called, and the journal does not say so) or `during 0` (the step is half done).
 */
export type FaultPoint =
  | `${'before' | 'after'} ${JournalEvent['kind']}${'' | ` ${number}`}`
  | `during ${number}`;

/** Before and after each entry of an operation of one step. */
export const POINTS_OF_ONE_STEP: readonly FaultPoint[] = [
  'after created',
  'after started',
  'before step-intended 0',
  'after step-intended 0',
  'before step-running 0',
  'after step-running 0',
  'before step-done 0',
  'after step-done 0',
  'after ended',
];

/** As a power cut would have it: nothing is cleared away. */
export function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('There is no life after this');
}

/** A journal at which the process dies at a fault point. */
export function mortal(journal: Journal, point: FaultPoint): Journal {
  return interrupted(journal, point, async () => die());
}

/** A journal at which something happens at a fault point, before the engine continues. */
export function interrupted(journal: Journal, point: FaultPoint, happens: () => Promise<void>): Journal {
  return {
    entries: (id) => journal.entries(id),
    unfinished: () => journal.unfinished(),
    async append(id, events, at) {
      if (events.some((event) => point === `before ${nameOf(event)}`)) await happens();
      const entries = await journal.append(id, events, at);
      if (events.some((event) => point === `after ${nameOf(event)}`)) await happens();
      return entries;
    },
  };
}

function nameOf(event: JournalEvent): string {
  return 'step' in event ? `${event.kind} ${event.step}` : event.kind;
}
