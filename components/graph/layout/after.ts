import type { Image } from '../../../model/fleet/image.ts';
import { neededImages } from '../../../model/fleet/record-state.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { isOver } from '../../../model/operation/operation.ts';
import { type DiskPlan, diskPlan } from '../../../model/plans/plan.ts';
import { type ChainFactsInput, flagsOn, type ImageFacts, placeAt, recordedIn } from '../../chain/facts.ts';
import { type Outcome, receivers } from '../../chain/outcome.ts';
import { foldOf, type Item } from './item.ts';
import { type Box, FOLD, GAP, IMAGE, LEFTOVER } from './layout.ts';
import { recordedAfter } from './records-after.ts';

/** The distance from the top of the current chain to the top of the chain afterwards. */
export const AFTER_Y = 196;

const SPREAD = GAP - 8;

/** So many images that come back are drawn one by one; more are one fold. */
const MOST_APART = 4;

interface Before extends ChainFactsInput {
  readonly facts: readonly ImageFacts[];
  readonly outcome: ReadonlyMap<string, Outcome>;
  /** The chain as it is drawn, from the active image down. */
  readonly now: readonly Item[];
}

/**
 * The row of the chain afterwards, from the active image down. Images that stay keep their column; those that merge or leave
 * are drawn below the arrow that no longer needs them; new ones are to the right of the current chain. Where images come back below
 * one that stays, those above them make room.
 */
export function afterItems(plan: Plan, disk: DiskPlan, before: Before): Item[] {
  const later = laterFacts(plan, disk, before);
  const back = returning(disk, before);
  const stay = before.now.flatMap((item): Item[] => {
    const id = `after:${item.id}`;
    const shift = item.box.x >= back.x ? back.width : 0;
    const box = { ...item.box, x: item.box.x + shift, y: item.box.y + AFTER_Y };
    const below = { ...box, y: box.y + IMAGE.height / 2 + 12, height: LEFTOVER.height };
    if (item.kind === 'image') {
      const facts = later(item.facts);
      return goes(facts.outcome)
        ? [{ kind: 'leftover', id, box: below, fold: foldOf([facts]) }]
        : [{ kind: 'after', id, box, facts }];
    }
    if (item.kind !== 'fold') return [];
    const fold = foldOf(item.fold.members.map(later));
    if (!goes(fold.outcome)) return [{ kind: 'fold', id, box, fold }];
    // No arrows join leftovers, so that a narrow fold can use their space for its text.
    const wide = { ...below, x: below.x - SPREAD / 2, width: below.width + SPREAD };
    return [{ kind: 'leftover', id, box: wide, fold }];
  });
  const added = newItems(plan, disk, before, back);
  const above = stay.filter((item) => item.box.x >= back.x);
  const items = back.width > 0 ? [...above, ...added, ...stay.slice(above.length)] : [...added, ...stay];
  const left = Math.min(...items.map((item) => item.box.x));
  const box = { x: left, y: AFTER_Y - 28, width: 300, height: 20 };
  return [{ kind: 'caption', id: 'after', box, depth: disk.after.images.length }, ...items];
}

function goes(outcome: Outcome | null): boolean {
  return outcome === 'merges' || outcome === 'leaves';
}

/** The facts, afterwards, of an image that is there now. */
function laterFacts(plan: Plan, { target, after }: DiskPlan, before: Before) {
  const { operation } = before;
  // What a running step copied is in the sizes already; what it adds at most counts from its start.
  const start =
    operation !== null && !isOver(operation) ? (diskPlan(operation.plan, target)?.now.images ?? []) : [];
  const sizeOf = (image: Image) => (start.find(({ key }) => key === image.key) ?? image).allocated;
  const later = recordedAfter(plan, recordedIn(before), target, after);
  const needed = neededImages(later);
  const positions = new Map(after.images.map(({ key }, position) => [key, position]));
  return (facts: ImageFacts): ImageFacts => {
    const { image } = facts;
    const position = positions.get(image.key);
    return {
      ...facts,
      place: position === undefined ? facts.place : placeAt(position, after.images.length),
      image: { ...image, allocated: sizeOf(image) },
      flags: flagsOn(later, target, image.key),
      needed: needed.has(image.key),
    };
  };
}

/** Where images come back below one that stays, and the width that they take there; no width if none do. */
interface Back {
  readonly x: number;
  readonly width: number;
}

function returning({ after }: DiskPlan, { outcome, now }: Before): Back {
  const first = after.images.findIndex(({ key }) => outcome.get(key) === 'returns');
  const above = new Set(after.images.slice(0, Math.max(first, 0)).map(({ key }) => key));
  const items = now.filter((item) => item.kind === 'image' && above.has(item.facts.image.key));
  if (items.length === 0) return { x: Number.POSITIVE_INFINITY, width: 0 };
  const count = after.images.filter(({ key }) => outcome.get(key) === 'returns').length;
  const width = count > MOST_APART ? FOLD.width + GAP : count * (IMAGE.width + GAP);
  return { x: Math.min(...items.map(({ box }) => box.x)), width };
}

function newItems(plan: Plan, disk: DiskPlan, before: Before, back: Back): Item[] {
  const facts = newFacts(plan, disk, before);
  const [first] = facts;
  const y = AFTER_Y;
  if (back.width > 0 && facts.length > MOST_APART && first !== undefined) {
    const box: Box = { ...FOLD, x: back.x, y };
    return [{ kind: 'fold', id: `after:fold:${first.image.key}`, box, fold: foldOf(facts) }];
  }
  const left = back.width > 0 ? back.x : Math.max(...before.now.map(({ box }) => box.x + box.width)) + GAP;
  return facts.map((one, i) => {
    const box: Box = { ...IMAGE, x: left + (facts.length - 1 - i) * (IMAGE.width + GAP), y };
    return { kind: 'after', id: `after:image:${one.image.key}`, box, facts: one };
  });
}

/** The facts of the images that are not in the chain now, from the topmost down. */
function newFacts(plan: Plan, { target, after }: DiskPlan, before: Before): readonly ImageFacts[] {
  const { outcome } = before;
  const made = after.images.filter(({ key }) => ['new', 'returns'].includes(outcome.get(key) ?? ''));
  const written = receivers(plan, target);
  const later = recordedAfter(plan, recordedIn(before), target, after);
  return made.map((image) => {
    const position = after.images.indexOf(image);
    return {
      image: { ...image, allocated: image.allocated ?? 0 },
      position,
      depth: after.images.length,
      place: placeAt(position, after.images.length),
      outcome: written.has(image.key) ? 'receives' : (outcome.get(image.key) ?? 'new'),
      others: [],
      flags: flagsOn(later, target, image.key),
      needed: false,
      lockedBy: null,
      readers: [],
      spoils: false,
      restsOn: null,
      endsUnknown: false,
    };
  });
}
