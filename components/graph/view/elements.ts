import type { ImageCost } from '../../../model/plans/plan.ts';
import { isInChain } from '../../chain/facts.ts';
import type { Item } from '../layout/item.ts';
import type { Scene } from '../layout/scene.ts';
import type { AfterNodeType } from '../nodes/after-node.tsx';
import type { AsideNodeType } from '../nodes/aside-node.tsx';
import type { CaptionNodeType } from '../nodes/caption-node.tsx';
import type { FoldNodeType } from '../nodes/fold-node.tsx';
import type { ImageNodeType } from '../nodes/image-node.tsx';
import type { JoiningNodeType } from '../nodes/joining-node.tsx';
import type { LeftoverNodeType } from '../nodes/leftover-node.tsx';

export type GraphNode =
  | ImageNodeType
  | FoldNodeType
  | AsideNodeType
  | JoiningNodeType
  | CaptionNodeType
  | AfterNodeType
  | LeftoverNodeType;

export interface Labels {
  readonly target: string;
  readonly uuid: string;
  /** What each image that is written grows by, by image key. */
  readonly growths: ReadonlyMap<string, ImageCost>;
}

/** React Flow's nodes. Sizes are given, so that nothing has to be measured before it is drawn. */
export function nodesOf(scene: Scene, labels: Labels): GraphNode[] {
  return scene.items.map((item) => nodeOf(item, labels));
}

function nodeOf(item: Item, { target, uuid, growths }: Labels): GraphNode {
  const { x, y, width, height } = item.box;
  const common = {
    id: item.id,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    domAttributes: { 'aria-roledescription': undefined },
  };
  switch (item.kind) {
    case 'image':
      return { ...common, type: 'image', data: { facts: item.facts, target } };
    case 'fold':
      return {
        ...common,
        type: 'fold',
        data: { fold: item.fold, row: rowOf(item) },
      };
    case 'aside':
      return { ...common, type: 'aside', data: { facts: item.facts, target } };
    case 'joining':
      return { ...common, type: 'joining', data: { joining: item.joining, ownUuid: uuid } };
    case 'caption':
      return { ...common, type: 'caption', data: { depth: item.depth } };
    case 'after':
      return {
        ...common,
        type: 'after',
        data: { facts: item.facts, target, growth: growths.get(item.facts.image.key) ?? null },
      };
    case 'leftover':
      return { ...common, type: 'leftover', data: { fold: item.fold } };
  }
}

function rowOf({ id, fold }: Extract<Item, { kind: 'fold' }>): FoldNodeType['data']['row'] {
  if (id.startsWith('after:')) return 'after';
  return fold.members.every(isInChain) ? 'now' : 'aside';
}
