import { DEEP } from '../fleet/chain.ts';
import type { DiskCheck } from './check.ts';

/** A chain of so many images that it should be flattened. */
export const deepChain: DiskCheck = ({ target, chain }) => {
  const depth = chain?.images.length ?? 0;
  if (depth < DEEP) return [];
  return [{ code: 'DEEP', severity: 'warn', params: { depth }, fix: { kind: 'flatten', target } }];
};
