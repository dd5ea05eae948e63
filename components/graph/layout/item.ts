import type { Flag, ImageFacts } from '../../chain/facts.ts';
import type { Outcome } from '../../chain/outcome.ts';
import type { Box, Joining } from './layout.ts';

/** One thing that is drawn, with its position. */
export type Item =
  | { readonly kind: 'image'; readonly id: string; readonly box: Box; readonly facts: ImageFacts }
  | { readonly kind: 'fold'; readonly id: string; readonly box: Box; readonly fold: Fold }
  | { readonly kind: 'aside'; readonly id: string; readonly box: Box; readonly facts: ImageFacts }
  | { readonly kind: 'joining'; readonly id: string; readonly box: Box; readonly joining: Joining }
  | { readonly kind: 'caption'; readonly id: string; readonly box: Box; readonly depth: number }
  | { readonly kind: 'after'; readonly id: string; readonly box: Box; readonly facts: ImageFacts }
  | { readonly kind: 'leftover'; readonly id: string; readonly box: Box; readonly fold: Fold };

/** A run of images as one: the facts of each. */
export interface Fold {
  readonly members: readonly ImageFacts[];
  readonly outcome: Outcome | null;
  readonly flags: readonly Flag[];
}

export function foldOf(members: readonly ImageFacts[]): Fold {
  return { members, outcome: members[0]?.outcome ?? null, flags: members.flatMap(({ flags }) => flags) };
}

/** The keys of an item of the chain, from the topmost down. */
export function keysOf(item: Item | undefined): readonly string[] {
  if (item?.kind === 'image' || item?.kind === 'after') return [item.facts.image.key];
  return item?.kind === 'fold' ? item.fold.members.map(({ image }) => image.key) : [];
}
