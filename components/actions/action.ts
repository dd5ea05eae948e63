import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { ActionIntent } from '../../model/kinds/kinds.ts';
import type { Picked } from '../address/picked.ts';

/** The kind of an intent that has a form, as `?do=` names it. A flatten has none: you pick a base in the graph. */
export type ActionName = Exclude<ActionIntent['kind'], 'flatten'>;

/** Every action, in the order of the menu; one that is missing does not compile. */
const ACTIONS: Readonly<Record<ActionName, true>> = {
  snapshot: true,
  shorten: true,
  move: true,
  'merge-down': true,
  migrate: true,
  forget: true,
};

export const ACTION_NAMES: readonly ActionName[] = Object.keys(ACTIONS).filter(isAction);

/** The action of a name that an address has; `null` where no action has it. */
export function actionNamed(name: string | null): ActionName | null {
  return name !== null && isAction(name) ? name : null;
}

function isAction(name: string): name is ActionName {
  return Object.hasOwn(ACTIONS, name);
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
