import type { Chain } from '../../model/fleet/chain.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { Picked } from '../address/picked.ts';

/** The chain of a disk as it is shown, as a graph, a cross-section or a table, with what is wanted of it or under way on it. */
export interface ChainInView {
  readonly guest: Guest;
  readonly disk: Disk;
  /** The disk's, of at least one image. */
  readonly chain: Chain;
  /** Who uses each image of the host, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  /** Key of the image picked; `null` for no base left, `undefined` for nothing picked. */
  readonly selected: Picked;
  readonly onSelect: (key: Picked) => void;
  /** The newest operation on this disk. */
  readonly operation: Operation | null;
  /** Of the intent, as long as no operation is under way. */
  readonly plan: Plan | null;
}
