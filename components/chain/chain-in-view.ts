import type { Chain } from '../../model/fleet/chain.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { ImageUser } from '../../model/fleet/sharing.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { Picked } from '../address/picked.ts';

/** The chain of a disk as it is shown, as a graph, a cross-section or a table, with its plan or its operation. */
export interface ChainInView {
  readonly guest: Guest;
  readonly disk: Disk;
  /** The disk's chain, with at least one image. */
  readonly chain: Chain;
  /** Who uses each image of the host, by image key. */
  readonly users: ReadonlyMap<string, readonly ImageUser[]>;
  /** Key of the picked base; `null` to flatten completely, `undefined` if none is picked. */
  readonly selected: Picked;
  readonly onSelect: (key: Picked) => void;
  /** The newest operation on this disk. */
  readonly operation: Operation | null;
  /** The plan of the intent, as long as no operation is under way. */
  readonly plan: Plan | null;
}
