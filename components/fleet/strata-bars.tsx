import { stratumColor } from '../strata.ts';

/** More layers than this are drawn as this many bars. */
const MOST = 12;

/** A chain in miniature: one bar a layer, the base at the left, the active image at the right. */
export function StrataBars({ depth }: { depth: number }) {
  const bars = Math.min(depth, MOST);
  return (
    <span aria-hidden className="flex shrink-0 gap-px">
      {Array.from({ length: bars }, (_, place) => {
        const position = bars - 1 - place;
        return (
          <span
            key={position}
            className="h-[11px] w-[5px] rounded-[1px]"
            style={{ background: stratumColor(position, bars) }}
          />
        );
      })}
    </span>
  );
}
