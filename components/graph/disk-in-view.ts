import type { Guest } from '../../model/guest.ts';
import type { Operation } from '../../model/operation.ts';
import type { Plan } from '../../model/plan.ts';
import type { ImageUser } from '../../model/sharing.ts';

/** The disk whose chain is shown, as a graph or as a table, with what is wanted of it or under way on it. */
export interface DiskInView {
  readonly guest: Guest;
  readonly target: string;
  /** Who uses each image of the host, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  /** Key of the image picked; `null` for no base left, `undefined` for nothing picked. */
  readonly selected: string | null | undefined;
  readonly onSelect: (key: string | null | undefined) => void;
  /** The newest operation on this disk. */
  readonly operation: Operation | null;
  /** Of what is wanted, as long as nothing is under way. */
  readonly plan: Plan | null;
}
