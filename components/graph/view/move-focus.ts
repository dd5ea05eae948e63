/** A line of nodes from its topmost image, at the right, down. */
export interface FocusRow {
  readonly cells: readonly { readonly id: string; readonly x: number }[];
  readonly y: number;
  /** Id of what the lowest one is backed by, in a row below; `null` for the chain itself, and for a branch that is backed by nothing. */
  readonly on: string | null;
}

/**
 * Where a key moves the focus; `null` where it does not. The base is drawn at the left, so the left arrow goes down the chain,
 * from a branch down into what it is backed by. The up arrow goes to a branch that rests here, or else to the next row.
 */
export function moveFocus(rows: readonly FocusRow[], current: string, key: string): string | null {
  const row = rows.find(({ cells }) => cells.some(({ id }) => id === current));
  if (row === undefined) return null;
  const at = row.cells.findIndex(({ id }) => id === current);
  switch (key) {
    case 'ArrowLeft':
      return row.cells[at + 1]?.id ?? row.on;
    case 'ArrowRight':
      return row.cells[at - 1]?.id ?? null;
    case 'ArrowUp':
      return rows.find(({ on }) => on === current)?.cells.at(-1)?.id ?? beside(rows, row, at, -1);
    case 'ArrowDown':
      return beside(rows, row, at, 1);
    case 'Home':
      return row.cells.at(-1)?.id ?? null;
    case 'End':
      return row.cells[0]?.id ?? null;
    default:
      return null;
  }
}

/** The nearest node of the next row above (-1) or below (1). */
function beside(rows: readonly FocusRow[], { cells, y }: FocusRow, at: number, way: -1 | 1): string | null {
  const distance = (row: FocusRow) => (row.y - y) * way;
  const next = Math.min(...rows.map(distance).filter((far) => far > 0));
  const x = cells[at]?.x ?? 0;
  const [nearest] = rows
    .filter((row) => distance(row) === next)
    .flatMap((row) => row.cells)
    .toSorted((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x));
  return nearest?.id ?? null;
}
