import type { Step } from '../kinds/kinds.ts';
import type { PastFlatten } from '../plans/undo/past-flatten.ts';
import { isOver, type Operation } from './operation.ts';

/** How an operation that is over can be undone; `why` there is no way, as a text of the catalogue. */
export type Undo =
  | { readonly kind: 'flatten'; readonly past: PastFlatten }
  /** By a move of the disk back to this path. */
  | { readonly kind: 'move'; readonly target: string; readonly file: string }
  | { readonly kind: 'none'; readonly why: 'merged' };

/** `null` for an operation that is under way, changed no images, or has a way back of its own. */
export function undoOf(operation: Operation): Undo | null {
  const { plan, steps } = operation;
  if (!isOver(operation)) return null;
  const done = plan.steps.map((step, i) => (steps[i]?.state === 'done' ? step : null));
  if (done.some((step) => step?.kind === 'commit' || step?.kind === 'active-commit')) {
    return { kind: 'none', why: 'merged' };
  }
  if (plan.intent.kind === 'move') return movedBack(operation, done);
  if (plan.intent.kind !== 'flatten' && plan.intent.kind !== 'shorten') return null;
  const pulls = done.flatMap((step, i) => pullOf(operation, step, i));
  const [past] = pulls;
  return past === undefined || pulls.length > 1 ? null : { kind: 'flatten', past };
}

function movedBack({ plan, state }: Operation, done: readonly (Step | null)[]): Undo | null {
  const [disk] = plan.disks;
  const source = disk?.now.images[0]?.source;
  const moved = state === 'succeeded' && done.some((step) => step?.kind === 'copy' || step?.kind === 'pull');
  if (!moved || disk === undefined || source?.kind !== 'file') return null;
  return { kind: 'move', target: disk.target, file: source.path };
}

function pullOf(
  { plan, steps, startedAt, createdAt }: Operation,
  step: Step | null,
  index: number,
): readonly PastFlatten[] {
  if (step?.kind !== 'pull' && step?.kind !== 'shut-off-pull') return [];
  const { target, before, after } = step;
  const images = plan.disks.flatMap(({ now }) => now.images);
  const below = images.find(({ key }) => key === before[1]);
  return [
    {
      target,
      before,
      after,
      format: below?.format ?? null,
      since: steps[index]?.startedAt ?? startedAt ?? createdAt,
      forgotten: plan.steps.flatMap((one, i) =>
        one.kind === 'forget' && steps[i]?.state === 'done' ? one.names : [],
      ),
    },
  ];
}
