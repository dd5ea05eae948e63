/** The layer's colour, as the left edge of its node; from far away it fills the node. */
export function Stripe({ color, hollow = false }: { color: string; hollow?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className="w-2 shrink-0 self-stretch group-data-[speck=true]/graph:w-full"
      style={hollow ? { borderLeft: `2px dashed ${color}` } : { background: color }}
    />
  );
}
