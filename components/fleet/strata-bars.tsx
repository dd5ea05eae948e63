import { stratumColor } from '../chain/strata.ts';
import { COUNTED, strataWidth } from './strata-width.ts';

const RAMP =
  'linear-gradient(to right in oklab, var(--stratum-0), var(--stratum-1), var(--stratum-2), var(--stratum-3))';

/** A chain in miniature, the base at the left, the active image at the right: one bar a layer, or one ramp where they are too many to count. */
export function StrataBars({ depth }: { depth: number }) {
  const bars = depth > COUNTED ? 0 : depth;
  return (
    <span
      aria-hidden
      className="flex h-[11px] shrink-0 gap-px"
      style={{
        width: strataWidth(depth),
        ...(bars === 0 && depth > 0 ? { backgroundImage: RAMP, borderRadius: 1 } : {}),
      }}
    >
      {Array.from({ length: bars }, (_, place) => {
        const position = bars - 1 - place;
        return (
          <span
            key={position}
            className="flex-1 rounded-[1px]"
            style={{ background: stratumColor(position, bars) }}
          />
        );
      })}
    </span>
  );
}
