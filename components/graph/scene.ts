import { flattened } from '../../model/chain.ts';
import type { Image } from '../../model/image.ts';
import { isOver } from '../../model/operation.ts';
import { diskPlan } from '../../model/plan.ts';
import { joins } from './branches.ts';
import { type ChainFactsInput, type Flag, factsOf, flagsAfter, type ImageFacts, staleOn } from './facts.ts';
import type { Fate } from './fate.ts';
import { folded, imagesOf, type Span, spanId } from './folding.ts';
import { around, type Box, type Branch, GAP, IMAGE, LEFTOVER, layout } from './layout.ts';
import { remarkable } from './remarkable.ts';

/** From the top of the row of what is now to that of what will be. */
export const AFTER_Y = 196;

/** One thing that is drawn, with its place. */
export type Item =
  | { readonly kind: 'image'; readonly id: string; readonly box: Box; readonly facts: ImageFacts }
  | { readonly kind: 'fold'; readonly id: string; readonly box: Box; readonly fold: Fold }
  | { readonly kind: 'branch'; readonly id: string; readonly box: Box; readonly branch: Branch }
  | { readonly kind: 'caption'; readonly id: string; readonly box: Box; readonly depth: number }
  | { readonly kind: 'after'; readonly id: string; readonly box: Box; readonly facts: ImageFacts }
  | { readonly kind: 'leftover'; readonly id: string; readonly box: Box; readonly fold: Fold };

/** A run of images as one: the facts of each. */
export interface Fold {
  readonly members: readonly ImageFacts[];
  readonly fate: Fate | null;
  readonly flags: readonly Flag[];
}

/** From an overlay to its backing image, or from another disk to the image where it joins. */
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'now' | 'after' | 'branch';
  /** Data flows against the arrow, from the backing image up. */
  readonly flow: 'none' | 'through' | 'into-active';
}

export interface Scene {
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
  /** Ids of the chain's spans from the active one down, the way the arrow keys go. */
  readonly order: readonly string[];
  readonly now: Box;
  readonly whole: Box;
  /** How many images are out of sight in folds. */
  readonly hidden: number;
  /** Names of stale records. */
  readonly stale: readonly string[];
}

export interface SceneInput extends ChainFactsInput {
  /** Keys of images that the operator unfolded. */
  readonly opened: ReadonlySet<string>;
}

/** All that the graph of one disk draws, from what is known of it. */
export function sceneOf(input: SceneInput): Scene {
  const { chain, ref, records, users, base, operation, opened } = input;
  const facts = factsOf(input);
  const joined = joins(chain, users, ref);
  const kept = remarkable({ chain, target: ref.target, records, joined: new Set(joined.keys()), base });
  const spans = folded(chain, new Set([...kept, ...opened]));
  const runs = operation !== null && !isOver(operation);
  const second = spans[1];
  const placed = layout(spans, joined, runs && second ? spanId(second) : null);

  const now = spans.flatMap((span): Item[] => {
    const id = spanId(span);
    const box = placed.spans.get(id);
    return box ? [itemOf(id, box, span, facts)] : [];
  });
  const others = placed.branches.map(
    ({ branch, box }): Item => ({ kind: 'branch', id: branch.id, box, branch }),
  );
  const after = facts.some(({ fate }) => fate !== null) ? afterItems(input, now) : [];
  const boxes = [...now, ...others];
  const items = [...boxes, ...after];
  return {
    items,
    lines: [...nowLines(now, runs), ...branchLines(others), ...afterLines(after)],
    order: spans.map(spanId),
    now: around(boxes.map(({ box }) => box)) ?? NOWHERE,
    whole: around(items.map(({ box }) => box)) ?? NOWHERE,
    hidden: spans.reduce((sum, span) => sum + (span.kind === 'fold' ? span.images.length : 0), 0),
    stale: staleOn(records, { ...input.disk, chain }).map(({ name }) => name),
  };
}

const SPREAD = GAP - 8;
const NOWHERE: Box = { x: 0, y: 0, width: 1, height: 1 };

function itemOf(id: string, box: Box, span: Span, all: readonly ImageFacts[]): Item {
  const members = imagesOf(span).flatMap((_, i) => all[span.position + i] ?? []);
  const [first] = members;
  if (span.kind === 'image' && first) return { kind: 'image', id, box, facts: first };
  return { kind: 'fold', id, box, fold: foldOf(members) };
}

function foldOf(members: readonly ImageFacts[]): Fold {
  return { members, fate: members[0]?.fate ?? null, flags: members.flatMap(({ flags }) => flags) };
}

/** What stays keeps its column; what merges is drawn below the arrow that no longer needs it. */
function afterItems(
  { disk, chain, records, base, operation, ref }: SceneInput,
  now: readonly Item[],
): Item[] {
  if (base === undefined) return [];
  // What a running flatten copied is in the sizes already; what it adds at most counts from its start.
  const start =
    operation !== null && !isOver(operation) ? (diskPlan(operation.plan, ref.target)?.now.images ?? []) : [];
  const sizeOf = (image: Image) => (start.find(({ key }) => key === image.key) ?? image).allocated;
  const later = (facts: ImageFacts): ImageFacts => ({
    ...facts,
    image: { ...facts.image, allocated: sizeOf(facts.image) },
    flags: flagsAfter(records, disk, chain, base, facts.image.key),
  });
  const items = now.flatMap((item): Item[] => {
    const id = `after:${item.id}`;
    const box = { ...item.box, y: item.box.y + AFTER_Y };
    const below = { ...box, y: box.y + IMAGE.height / 2 + 12, height: LEFTOVER.height };
    if (item.kind === 'image') {
      const facts = later(item.facts);
      return facts.fate === 'merges'
        ? [{ kind: 'leftover', id, box: below, fold: foldOf([facts]) }]
        : [{ kind: 'after', id, box, facts }];
    }
    if (item.kind !== 'fold') return [];
    const fold = foldOf(item.fold.members.map(later));
    if (fold.fate !== 'merges') return [{ kind: 'fold', id, box, fold }];
    // No arrows join what is left over, so that a narrow fold can have their room for its words.
    const wide = { ...below, x: below.x - SPREAD / 2, width: below.width + SPREAD };
    return [{ kind: 'leftover', id, box: wide, fold }];
  });
  const left = Math.min(...items.map(({ box }) => box.x));
  const box = { x: left, y: AFTER_Y - 28, width: 300, height: 20 };
  return [{ kind: 'caption', id: 'after', box, depth: flattened(chain, base).images.length }, ...items];
}

function nowLines(now: readonly Item[], runs: boolean): Line[] {
  return now.slice(1).map((below, i): Line => {
    const above = now[i];
    const merging = (below.kind === 'image' ? below.facts : below.kind === 'fold' ? below.fold : null)?.fate;
    const flow = !runs || merging !== 'merges' ? 'none' : i === 0 ? 'into-active' : 'through';
    return { id: `now:${below.id}`, from: above?.id ?? '', to: below.id, kind: 'now', flow };
  });
}

function branchLines(branches: readonly Item[]): Line[] {
  return branches.flatMap((item): Line[] =>
    item.kind === 'branch'
      ? [
          {
            id: `line:${item.id}`,
            from: item.id,
            to: `image:${item.branch.join}`,
            kind: 'branch',
            flow: 'none',
          },
        ]
      : [],
  );
}

function afterLines(after: readonly Item[]): Line[] {
  const staying = after.filter(({ kind }) => kind === 'after' || kind === 'fold');
  return staying.slice(1).map((below, i): Line => {
    const above = staying[i];
    return { id: `after:${below.id}`, from: above?.id ?? '', to: below.id, kind: 'after', flow: 'none' };
  });
}
