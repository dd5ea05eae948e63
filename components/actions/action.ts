import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import { ACTION_KINDS, type ActionIntent } from '../../model/kinds/kinds.ts';
import type { Picked } from '../address/picked.ts';

/** What can be asked for by name, as `?do=` has it. A flatten is asked for by picking a base. */
export type ActionName = Exclude<ActionIntent['kind'], 'flatten'>;

export const ACTION_NAMES: readonly ActionName[] = ACTION_KINDS.filter((kind) => kind !== 'flatten');

/** The action of a name in an address; `null` if there is no such action. */
export function actionNamed(name: string | null): ActionName | null {
  return ACTION_NAMES.find((one) => one === name) ?? null;
}

/** Where something is asked for: the disk in view, and the image picked in its chain. */
export interface ActionAt {
  readonly host: Host;
  /** The hosts beside this one. */
  readonly others: readonly Host[];
  readonly guest: Guest;
  readonly disk: Disk;
  /** Key of an image of the chain; `null` for no base left, `undefined` for nothing picked. */
  readonly picked: Picked;
}
