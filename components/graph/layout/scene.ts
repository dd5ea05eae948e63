import { isOver } from '../../../model/operation/operation.ts';
import type { DataMove } from '../../../model/plans/kind.ts';
import { diskPlan } from '../../../model/plans/plan.ts';
import type { Picked } from '../../address/picked.ts';
import {
  type BranchFacts,
  branchFactsOf,
  type ChainFactsInput,
  type Flag,
  factsOf,
  type ImageFacts,
  oddRecords,
  recordedIn,
} from '../../chain/facts.ts';
import { joins } from '../../chain/joins.ts';
import { outcomes } from '../../chain/outcome.ts';
import { workOn } from '../../chain/work.ts';
import { afterItems } from './after.ts';
import { folded, imagesOf, type Span, spanId } from './folding.ts';
import { foldOf, type Item, keysOf } from './item.ts';
import { around, type Box, type BranchSpans, layout } from './layout.ts';
import { type Remarks, remarkable } from './remarkable.ts';

/**
 * From an overlay to its backing image, in the chain or a branch, from another disk to the image where it joins, or, where an
 * image is copied, from it to the new one.
 */
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'now' | 'after' | 'branch' | 'joining' | 'copy';
  /** Where data flows: with the arrow, or against it, from the backing image up. */
  readonly flow: 'none' | 'with' | 'against';
  /** Whether the figures of the work are here. */
  readonly said: boolean;
  /** Whether the plan changes what is read through it. */
  readonly spoils: boolean;
}

export interface Scene {
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
  /** Ids of the chain's spans from the active one down, in the order of the arrow keys. */
  readonly order: readonly string[];
  /** The rows of branches, in which the keys go on. */
  readonly branches: readonly BranchRow[];
  readonly now: Box;
  /** The current chain, and new images that are drawn beside it. */
  readonly reach: Box;
  readonly whole: Box;
  /** How many images are hidden in folds. */
  readonly hidden: number;
  /** The records that are not good. */
  readonly odd: readonly Flag[];
}

/** A branch as it is drawn. */
export interface BranchRow {
  /** Ids of its spans from the topmost down. */
  readonly order: readonly string[];
  /** Id of what the lowest one is backed by; `null` if that is not drawn. */
  readonly on: string | null;
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
  const branches = branchFactsOf(input, facts);
  const remarks: Remarks = {
    ...{ chain, target, recorded, base, outcome },
    joined: new Set([...joined.keys(), ...branches.flatMap(({ on }) => on ?? [])]),
  };
  const spans = folded(chain, new Set([...remarkable(remarks), ...opened]));
  const grown = branches.map((branch) => branchSpans(branch, remarks, opened));
  const work = operation !== null && !isOver(operation) ? workOn(operation, target) : null;
  const placed = layout(spans, joined, wideAbove(spans, work), grown);

  const now = spans.flatMap((span): Item[] => {
    const id = spanId(span);
    const box = placed.spans.get(id);
    return box ? [itemOf(id, box, span, facts)] : [];
  });
  const others = placed.joining.map(
    ({ joining, box }): Item => ({ kind: 'joining', id: joining.id, box, joining }),
  );
  const beside = grown.map(({ spans: line }, i) =>
    line.flatMap((span): Item[] => {
      const id = spanId(span);
      const box = placed.spans.get(id);
      return box ? [asideItem(id, box, span, branches[i]?.images ?? [])] : [];
    }),
  );
  const boxes = [...now, ...others, ...beside.flat()];
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
      ...grown.flatMap(({ on }, i) => branchLines(beside[i] ?? [], on)),
      ...joiningLines(others),
      ...afterLines(after),
      ...copyLines(now, after, work),
    ],
    order: spans.map(spanId),
    branches: grown.map(({ spans: line, on }) => ({ order: line.map(spanId), on })),
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

/** The branch with runs of its images folded, as those of the chain are. */
function branchSpans(
  { images, on }: BranchFacts,
  remarks: Remarks,
  opened: ReadonlySet<string>,
): BranchSpans {
  const chain = { images: images.map(({ image }) => image) };
  const kept = remarkable({ ...remarks, chain, outcome: new Map() });
  return { spans: folded(chain, new Set([...kept, ...opened])), on: on === null ? null : `image:${on}` };
}

function asideItem(id: string, box: Box, span: Span, all: readonly ImageFacts[]): Item {
  const item = itemOf(id, box, span, all);
  return item.kind === 'image' ? { ...item, kind: 'aside' } : item;
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
    return { ...STILL, id: `now:${below.id}`, from: above?.id ?? '', to: below.id, kind: 'now', flow, said };
  });
}

/** From each image of a branch to the one below, and from the lowest to what the branch is backed by. */
function branchLines(branch: readonly Item[], on: string | null): Line[] {
  return branch.flatMap((item, i): Line[] => {
    const { id } = item;
    const to = branch[i + 1]?.id ?? on;
    const members = item.kind === 'aside' ? [item.facts] : item.kind === 'fold' ? item.fold.members : [];
    const spoils = members.some((member) => member.spoils);
    return to === null ? [] : [{ ...STILL, id: `line:${id}`, from: id, to, kind: 'branch', spoils }];
  });
}

function joiningLines(joining: readonly Item[]): Line[] {
  return joining.flatMap(({ id, ...item }): Line[] =>
    item.kind === 'joining'
      ? [{ ...STILL, id: `line:${id}`, from: id, to: `image:${item.joining.at}`, kind: 'joining' }]
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
  return [{ ...STILL, id: 'copy', from: from.id, to: to.id, kind: 'copy', flow: 'with', said: true }];
}

const STILL = { flow: 'none', said: false, spoils: false } as const;
