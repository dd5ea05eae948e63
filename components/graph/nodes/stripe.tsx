/** The colour by which a layer is known everywhere, as the left edge of its node; seen as a speck it is all of the node. */
export function Stripe({ color, hollow = false }: { color: string; hollow?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className="w-2 shrink-0 self-stretch group-data-[speck=true]/graph:w-full"
      style={hollow ? { borderLeft: `2px dashed ${color}` } : { background: color }}
    />
  );
}
