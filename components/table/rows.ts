import type { ImageUser } from '../../model/fleet/sharing.ts';
import type { BranchFacts, ImageFacts } from '../chain/facts.ts';

/** One row of the chain as a table: an image, or below it a disk that shares it or an image of a branch that is backed by it. */
export type Row = {
  readonly id: string;
  /** 1 for the chain. */
  readonly level: number;
  /** Id of the row that it belongs to; `null` for one of the chain, or of a branch that is backed by nothing. */
  readonly parent: string | null;
} & (
  | {
      readonly kind: 'image';
      readonly facts: ImageFacts;
      /** Whether the rows that belong to it are shown; `null` where it has none. */
      readonly open: boolean | null;
    }
  | { readonly kind: 'user'; readonly user: ImageUser }
);

export type ImageRowOf = Extract<Row, { kind: 'image' }>;

/**
 * The rows from the active image down, each image followed by what is backed by it. Branches that rest on nothing come last.
 *
 * @param toggled ids of the rows that somebody opened or closed: those with a branch are open before, the others are not
 */
export function rowsOf(
  facts: readonly ImageFacts[],
  branches: readonly BranchFacts[],
  toggled: ReadonlySet<string>,
): readonly Row[] {
  function rowsIn(images: readonly ImageFacts[], level: number, parent: string | null): readonly Row[] {
    return images.flatMap((one): readonly Row[] => {
      const id = one.image.key;
      const resting = branches.filter(({ on }) => on === id);
      const shared = one.others.length > 0;
      const open = shared || resting.length > 0 ? toggled.has(id) !== resting.length > 0 : null;
      const row: Row = { kind: 'image', id, level, parent, facts: one, open };
      if (!open) return [row];
      const users = one.others.map(
        (user): Row => ({
          kind: 'user',
          id: `${id} ${user.uuid} ${user.target}`,
          level: level + 1,
          parent: id,
          user,
        }),
      );
      return [row, ...users, ...resting.flatMap(({ images: line }) => rowsIn(line, level + 1, id))];
    });
  }
  const alone = branches.filter(({ on }) => on === null);
  return [...rowsIn(facts, 1, null), ...alone.flatMap(({ images }) => rowsIn(images, 1, null))];
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
  const open = row.kind === 'image' ? row.open : null;
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
      if (open === null) return null;
      return open ? focus(rows[at + 1]) : { kind: 'open', id: row.id };
    case 'ArrowLeft':
      if (open) return { kind: 'close', id: row.id };
      return row.parent === null ? null : { kind: 'focus', id: row.parent };
    default:
      return null;
  }
}
