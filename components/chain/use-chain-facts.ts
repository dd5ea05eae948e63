import { useMemo } from 'react';
import type { ChainInView } from './chain-in-view.ts';
import type { ChainFactsInput } from './facts.ts';
import { baseUnder, underWay, validBase } from './picked.ts';

/** The facts that each view of a chain is drawn from; the same object until one of them changes. */
export function useChainFacts({ guest, disk, chain, users, selected, operation, plan }: ChainInView) {
  const under = underWay(operation);
  const { hostId, uuid, records, reverts } = guest;
  const { target } = disk;
  const input = useMemo(
    (): ChainFactsInput => ({
      chain,
      disk,
      ref: { hostId, uuid, target },
      records,
      reverts,
      users,
      plan: under?.plan ?? plan,
      operation: under,
    }),
    [chain, disk, hostId, uuid, target, records, reverts, users, plan, under],
  );
  /** Key of the image that is picked, or that the operation under way flattens toward. */
  const base = validBase(chain, under ? baseUnder(under) : selected);
  return { input, under, base };
}
