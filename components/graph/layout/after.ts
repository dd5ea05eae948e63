import type { Image } from '../../../model/fleet/image.ts';
import { neededImages } from '../../../model/fleet/record-state.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { isOver } from '../../../model/operation/operation.ts';
import { type DiskPlan, diskPlan } from '../../../model/plans/plan.ts';
import { type ChainFactsInput, flagsOn, type ImageFacts, placeAt, recordedIn } from '../../chain/facts.ts';
import { type Outcome, receivers } from '../../chain/outcome.ts';
import { foldOf, type Item } from './item.ts';
import { type Box, GAP, IMAGE, LEFTOVER } from './layout.ts';
import { recordedAfter } from './records-after.ts';

/** The distance from the top of the current chain to the top of the chain afterwards. */
export const AFTER_Y = 196;

const SPREAD = GAP - 8;

interface Before extends ChainFactsInput {
  readonly facts: readonly ImageFacts[];
  readonly outcome: ReadonlyMap<string, Outcome>;
  /** The chain as it is drawn, from the active image down. */
  readonly now: readonly Item[];
}

/**
 * The row of the chain afterwards, from the active image down. Images that stay keep their column; those that merge or leave
 * are drawn below the arrow that no longer needs them; new ones are to the right of the current chain.
 */
export function afterItems(plan: Plan, disk: DiskPlan, before: Before): Item[] {
  const later = laterFacts(plan, disk, before);
  const stay = before.now.flatMap((item): Item[] => {
    const id = `after:${item.id}`;
    const box = { ...item.box, y: item.box.y + AFTER_Y };
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
  const items = [...newItems(plan, disk, before), ...stay];
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

function newItems(plan: Plan, { target, after }: DiskPlan, before: Before): Item[] {
  const { outcome, now } = before;
  const made = after.images.filter(({ key }) => outcome.get(key) === 'new');
  const written = receivers(plan, target);
  const right = Math.max(...now.map(({ box }) => box.x + box.width));
  const later = recordedAfter(plan, recordedIn(before), target, after);
  return made.map((image, i) => {
    const position = after.images.indexOf(image);
    const facts: ImageFacts = {
      image: { ...image, allocated: image.allocated ?? 0 },
      position,
      depth: after.images.length,
      place: placeAt(position, after.images.length),
      outcome: written.has(image.key) ? 'receives' : 'new',
      others: [],
      flags: flagsOn(later, target, image.key),
      needed: false,
      lockedBy: null,
      readers: [],
      spoils: false,
      restsOn: null,
      endsUnknown: false,
    };
    const box: Box = {
      ...IMAGE,
      x: right + GAP + (made.length - 1 - i) * (IMAGE.width + GAP),
      y: AFTER_Y,
    };
    return { kind: 'after', id: `after:image:${image.key}`, box, facts };
  });
}
