import { folderOf } from '../../model/fleet/destination.ts';
import { imagePath } from '../../model/fleet/image.ts';
import { oneOf, text } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';

export const MOVE_STRATEGIES = ['copy', 'pull'] as const;

export interface MoveValues {
  /** Path of the new image. */
  readonly file: string;
  readonly strategy: (typeof MOVE_STRATEGIES)[number];
}

export const moveForm: FormSpec<MoveValues, ActionAt> = {
  fields: { file: text, strategy: oneOf(MOVE_STRATEGIES) },
  initial: (at) => ({ file: proposed(at), strategy: 'copy' }),
  intent: (values, { disk: { target } }) => ({ kind: 'move', target, ...values }),
};

/** Beside the active image under another name: a path to change, or to give another folder. */
function proposed({ disk }: ActionAt): string {
  const active = disk.chain?.images[0];
  const path = active === undefined ? null : imagePath(active);
  if (path === null || active?.source.kind === 'block') return '';
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(qcow2|raw|img)$/i, '');
  return `${folderOf(path)}/${name}-moved.qcow2`.replace('//', '/');
}
