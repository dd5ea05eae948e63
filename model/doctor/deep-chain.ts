import { type Capabilities, NESTED } from '../fleet/capabilities.ts';
import { type Chain, DEEP } from '../fleet/chain.ts';
import { knownDepth } from '../fleet/depth.ts';
import { type Guest, isActive } from '../fleet/guest.ts';
import { rebaseCommand } from '../plans/depth-refusals.ts';
import type { DiskCheck } from './check.ts';
import type { Fix, Found } from './finding.ts';

/** A chain with fewer layers left than this may soon be too deep. */
const NEAR = 3;

/** A chain of so many images that it should be flattened, or that its guest does not start again. */
export const deepChain: DiskCheck = ({ target, chain }, { guest, capabilities }) => {
  if (chain === null) return [];
  const fix = { kind: 'flatten', target } as const;
  return [...depthNow(chain, fix, guest, capabilities), ...depthAfterUpgrade(chain, fix, capabilities)];
};

function depthNow(chain: Chain, fix: Fix, guest: Guest, { mostLayers }: Capabilities): readonly Found[] {
  const depth = chain.images.length;
  if (mostLayers !== null) {
    const { layers, most } = knownDepth(chain, mostLayers);
    if (layers > most) {
      const state = isActive(guest) ? (mostLayers.breaksRunning ? 'breaks' : 'runs') : 'off';
      const params = { depth, most, state, command: rebaseCommand(chain) };
      // A flatten would have to start the guest.
      return [{ code: 'TOO_DEEP', severity: 'bad', params, fix: state === 'off' ? null : fix }];
    }
    if (most - layers <= NEAR) {
      return [
        { code: 'NEARLY_TOO_DEEP', severity: 'warn', params: { depth, most, left: most - layers }, fix },
      ];
    }
  }
  return depth < DEEP ? [] : [{ code: 'DEEP', severity: 'warn', params: { depth }, fix }];
}

/** Before the upgrade the chain can still be flattened as usual. */
function depthAfterUpgrade(
  chain: Chain,
  fix: Fix,
  { upgradeTakesFewerLayers }: Capabilities,
): readonly Found[] {
  const { layers, most } = knownDepth(chain, NESTED);
  if (!upgradeTakesFewerLayers || layers <= most) return [];
  return [{ code: 'TOO_DEEP_FOR_UPGRADE', severity: 'note', params: { depth: layers, most }, fix }];
}
