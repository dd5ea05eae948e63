import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { Picked } from '../address/picked.ts';

/** What can be asked for by name, as `?do=` says it. A flatten is asked for by picking a base. */
export const ACTION_NAMES = ['snapshot', 'shorten', 'move', 'merge', 'migrate', 'forget'] as const;

export type ActionName = (typeof ACTION_NAMES)[number];

/** The action of a name that an address has; `null` for what is none. */
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
