import { isOver } from '../../../model/operation/operation.ts';
import type { DataMove } from '../../../model/plans/kind.ts';
import { diskPlan } from '../../../model/plans/plan.ts';
import type { Picked } from '../../address/picked.ts';
import { joins } from '../../chain/branches.ts';
import {
  type ChainFactsInput,
  type Flag,
  factsOf,
  type ImageFacts,
  oddRecords,
  recordedIn,
} from '../../chain/facts.ts';
import { outcomes } from '../../chain/outcome.ts';
import { workOn } from '../../chain/work.ts';
import { afterItems } from './after.ts';
import { folded, imagesOf, type Span, spanId } from './folding.ts';
import { foldOf, type Item, keysOf } from './item.ts';
import { around, type Box, layout } from './layout.ts';
import { remarkable } from './remarkable.ts';

/**
 * From an overlay to its backing image, from another disk to the image where it joins, or, where an image is copied, from it to
 * the new one.
 */
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'now' | 'after' | 'branch' | 'copy';
  /** Where data flows: with the arrow, or against it, from the backing image up. */
  readonly flow: 'none' | 'with' | 'against';
  /** Whether the figures of the work are here. */
  readonly said: boolean;
}

export interface Scene {
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
  /** Ids of the chain's spans from the active one down, in the order of the arrow keys. */
  readonly order: readonly string[];
  readonly now: Box;
  /** The current chain, and new images that are drawn beside it. */
  readonly reach: Box;
  readonly whole: Box;
  /** How many images are hidden in folds. */
  readonly hidden: number;
  /** The records that are not good. */
  readonly odd: readonly Flag[];
}

export interface SceneInput extends ChainFactsInput {
  /** Key of the picked base; `null` to flatten completely, `undefined` if none is picked. */
  readonly base: Picked;
  /** Keys of images that the operator unfolded. */
  readonly opened: ReadonlySet<string>;
}

/** Everything that the graph of one disk draws. */
export function sceneOf(input: SceneInput): Scene {
  const { chain, ref, users, base, plan, operation, opened } = input;
  const { target } = ref;
  const recorded = recordedIn(input);
  const facts = factsOf(input);
  const joined = joins(chain, users, ref);
  const outcome = outcomes(plan, target, chain);
  const kept = remarkable({ chain, target, recorded, joined: new Set(joined.keys()), base, outcome });
  const spans = folded(chain, new Set([...kept, ...opened]));
  const work = operation !== null && !isOver(operation) ? workOn(operation, target) : null;
  const placed = layout(spans, joined, wideAbove(spans, work));

  const now = spans.flatMap((span): Item[] => {
    const id = spanId(span);
    const box = placed.spans.get(id);
    return box ? [itemOf(id, box, span, facts)] : [];
  });
  const others = placed.branches.map(
    ({ branch, box }): Item => ({ kind: 'branch', id: branch.id, box, branch }),
  );
  const boxes = [...now, ...others];
  const disk = plan && diskPlan(plan, target);
  const after =
    plan && disk && outcome.size > 0 ? afterItems(plan, disk, { ...input, facts, outcome, now }) : [];
  const items = [...boxes, ...after];
  const inReach = [...boxes, ...after.filter(({ kind }) => kind === 'after')];
  const reach = around(inReach.map(({ box }) => box)) ?? NOWHERE;
  const whole = around(boxes.map(({ box }) => box)) ?? NOWHERE;
  return {
    items,
    lines: [
      ...nowLines(now, work),
      ...branchLines(others),
      ...afterLines(after),
      ...copyLines(now, after, work),
    ],
    order: spans.map(spanId),
    now: whole,
    reach: { ...whole, width: reach.x + reach.width - whole.x },
    whole: around(items.map(({ box }) => box)) ?? NOWHERE,
    hidden: spans.reduce((sum, span) => sum + (span.kind === 'fold' ? span.images.length : 0), 0),
    odd: oddRecords(recorded, target),
  };
}

const NOWHERE: Box = { x: 0, y: 0, width: 1, height: 1 };

/** The span whose edge to the next one up has the figures, and so needs space. */
function wideAbove(spans: readonly Span[], work: DataMove | null): string | null {
  const at =
    work === null || work.direction === 'out'
      ? undefined
      : work.involved.at(work.direction === 'up' ? 1 : -1);
  const span = spans.find((one) => imagesOf(one).some(({ key }) => key === at));
  return span ? spanId(span) : null;
}

function itemOf(id: string, box: Box, span: Span, all: readonly ImageFacts[]): Item {
  const members = imagesOf(span).flatMap((_, i) => all[span.position + i] ?? []);
  const [first] = members;
  if (span.kind === 'image' && first) return { kind: 'image', id, box, facts: first };
  return { kind: 'fold', id, box, fold: foldOf(members) };
}

function nowLines(now: readonly Item[], work: DataMove | null): Line[] {
  const moves = (key: string | undefined) => key !== undefined && work?.moved.includes(key) === true;
  return now.slice(1).map((below, i): Line => {
    const above = now[i];
    const [upper, lower] = [keysOf(above).at(-1), keysOf(below)[0]];
    const flow =
      work?.direction === 'up' && moves(lower)
        ? 'against'
        : work?.direction === 'down' && moves(upper)
          ? 'with'
          : 'none';
    const said =
      (flow === 'against' && upper === work?.involved[0]) ||
      (flow === 'with' && lower === work?.involved.at(-1));
    return { id: `now:${below.id}`, from: above?.id ?? '', to: below.id, kind: 'now', flow, said };
  });
}

function branchLines(branches: readonly Item[]): Line[] {
  return branches.flatMap(({ id, ...item }): Line[] =>
    item.kind === 'branch'
      ? [{ ...STILL, id: `line:${id}`, from: id, to: `image:${item.branch.join}`, kind: 'branch' }]
      : [],
  );
}

function afterLines(after: readonly Item[]): Line[] {
  const staying = after.filter(({ kind }) => kind === 'after' || kind === 'fold');
  return staying.slice(1).map(({ id }, i): Line => {
    const above = staying[i];
    return { ...STILL, id: `after:${id}`, from: above?.id ?? '', to: id, kind: 'after' };
  });
}

/** The arrow of a copy: from the image that the guest writes now to the one that it writes afterwards. */
function copyLines(now: readonly Item[], after: readonly Item[], work: DataMove | null): Line[] {
  const [from, to] = [now[0], after.find(({ kind }) => kind === 'after')];
  if (work?.direction !== 'out' || from === undefined || to === undefined) return [];
  return [{ id: 'copy', from: from.id, to: to.id, kind: 'copy', flow: 'with', said: true }];
}

const STILL = { flow: 'none', said: false } as const;
