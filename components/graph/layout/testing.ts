import type { Chain } from '../../../model/fleet/chain.ts';
import { chainOf, diskWith, pullPlan, REF, usersOf } from '../testing.ts';
import type { Item } from './item.ts';
import { type Scene, type SceneInput, sceneOf } from './scene.ts';

/** What the tests of the scene begin with. */

export const chain = chainOf('active', 'sn2', 'sn1', 'base');

export function scene(more: Partial<SceneInput> = {}): Scene {
  const drawn = more.chain ?? chain;
  return sceneOf({
    chain: drawn,
    disk: diskWith(drawn),
    ref: REF,
    records: [],
    reverts: null,
    users: usersOf(drawn, {}),
    base: undefined,
    plan: null,
    operation: null,
    opened: new Set(),
    ...more,
  });
}

/** With this base picked, and planned with. */
export const toward = (base: string | null, drawn: Chain = chain) => ({
  chain: drawn,
  base,
  plan: pullPlan(drawn, base),
});

export const ids = (items: readonly Item[], kind: Item['kind']) =>
  items.filter((item) => item.kind === kind).map(({ id }) => id);
