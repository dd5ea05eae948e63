import type { ImageUser } from '../../model/fleet/sharing.ts';
import type { ImageFacts } from '../chain/facts.ts';

/** One row of the chain as a table: an image, or below it a disk that shares it. */
export type Row =
  | {
      readonly kind: 'image';
      readonly id: string;
      readonly facts: ImageFacts;
      /** Whether the rows of other disks below it are shown; `null` where it has none. */
      readonly open: boolean | null;
    }
  | { readonly kind: 'user'; readonly id: string; readonly user: ImageUser; readonly parent: string };

/**
 * The rows from the active image down.
 *
 * @param open ids of the rows whose other disks are shown
 */
export function rowsOf(facts: readonly ImageFacts[], open: ReadonlySet<string>): readonly Row[] {
  return facts.flatMap((one): Row[] => {
    const id = one.image.key;
    const shared = one.others.length > 0;
    const row: Row = { kind: 'image', id, facts: one, open: shared ? open.has(id) : null };
    if (!row.open) return [row];
    const users = one.others.map(
      (user): Row => ({ kind: 'user', id: `${id} ${user.uuid} ${user.target}`, user, parent: id }),
    );
    return [row, ...users];
  });
}

export type Move =
  | { readonly kind: 'focus'; readonly id: string }
  | { readonly kind: 'open' | 'close'; readonly id: string };

/** What a key does on the row that has the focus, by the treegrid pattern; `null` where it does nothing. */
export function moveBy(key: string, rows: readonly Row[], current: string): Move | null {
  const at = rows.findIndex(({ id }) => id === current);
  const row = rows[at];
  if (row === undefined) return null;
  const focus = (to: Row | undefined): Move | null => (to ? { kind: 'focus', id: to.id } : null);
  switch (key) {
    case 'ArrowDown':
      return focus(rows[at + 1]);
    case 'ArrowUp':
      return focus(rows[at - 1]);
    case 'Home':
      return focus(rows[0]);
    case 'End':
      return focus(rows.at(-1));
    case 'ArrowRight':
      if (row.kind === 'user' || row.open === null) return null;
      return row.open ? focus(rows[at + 1]) : { kind: 'open', id: row.id };
    case 'ArrowLeft':
      if (row.kind === 'user') return { kind: 'focus', id: row.parent };
      return row.open ? { kind: 'close', id: row.id } : null;
    default:
      return null;
  }
}
