/**
 * Where a key moves the focus along the chain; `null` where it does not.
 * The base is drawn at the left, so the left arrow goes down the chain.
 *
 * @param order ids from the active image down
 */
export function moveFocus(order: readonly string[], current: string, key: string): string | null {
  const at = order.indexOf(current);
  switch (key) {
    case 'ArrowLeft':
      return order[at + 1] ?? null;
    case 'ArrowRight':
      return order[at - 1] ?? null;
    case 'Home':
      return order.at(-1) ?? null;
    case 'End':
      return order[0] ?? null;
    default:
      return null;
  }
}
