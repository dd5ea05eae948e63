import type { Chain } from '../../model/fleet/chain.ts';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import type { Picked } from '../address/picked.ts';

/** The operation while it is not over. */
export function underWay(operation: Operation | null): Operation | null {
  return operation !== null && !isOver(operation) ? operation : null;
}

/** The base that the operation flattens the disk toward; `undefined` if it is no flatten. */
export function baseUnder({ plan: { intent } }: Operation): Picked {
  return intent.kind === 'flatten' ? intent.base : undefined;
}

/** The picked base, as long as it is in the chain: a link may name an image that has merged since. */
export function validBase(chain: Chain, picked: Picked): Picked {
  return typeof picked !== 'string' || chain.images.some(({ key }) => key === picked) ? picked : undefined;
}
