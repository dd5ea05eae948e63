/** The colour by which a layer is known everywhere, as the left edge of its node. */
export function Stripe({ color, hollow = false }: { color: string; hollow?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className="w-2 shrink-0 self-stretch"
      style={hollow ? { borderLeft: `2px dashed ${color}` } : { background: color }}
    />
  );
}
