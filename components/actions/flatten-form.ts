import { STRATEGIES, type StrategyName } from '../../model/kinds/strategy.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import { flag, oneOf, optionalText } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';
import { forgetsAfter } from './forgets-after.ts';

export interface FlattenValues {
  readonly strategy: StrategyName;
  /** Name of a snapshot to be made before it; `null` for none. */
  readonly snapshot: string | null;
  /** Path of that snapshot's new active image; `null` for the proposed one. */
  readonly overlay: string | null;
  readonly forget: boolean;
}

/** The flatten toward the image that is picked in the chain. */
export const flattenForm: FormSpec<FlattenValues, ActionAt> = {
  fields: { strategy: oneOf(STRATEGIES), snapshot: optionalText, overlay: optionalText, forget: flag },
  initial: ({ guest }) => ({ strategy: 'pull', snapshot: null, overlay: null, forget: forgetsAfter(guest) }),
  intent: ({ strategy, snapshot, overlay, forget: forgetAfter }, at) => {
    const base = baseAt(at);
    if (base === undefined) return null;
    const { target } = at.disk;
    if (strategy !== 'pull')
      return { kind: 'shorten', target, goal: goalToward(base), strategy, pinned: [], forgetAfter };
    const snapshotFirst = snapshot === null ? null : { name: snapshot, file: overlay };
    return { kind: 'flatten', target, base, snapshotFirst, forgetAfter };
  },
};

/** The base that is picked; `undefined` where nothing is, or what can't be one: the active image, or one that is gone. */
function baseAt({ disk: { chain }, picked }: ActionAt): string | null | undefined {
  const images = chain?.images ?? [];
  if (images.length === 0 || picked === undefined || picked === null)
    return images.length === 0 ? undefined : picked;
  return images.findIndex(({ key }) => key === picked) > 0 ? picked : undefined;
}

/** The same goal in terms of a chain that is too long. */
export function goalToward(base: string | null): Goal {
  return base === null ? { kind: 'at-most', images: 1 } : { kind: 'above', base };
}
