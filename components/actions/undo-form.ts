import { text } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';

export interface UndoValues {
  /** Id of the operation that is undone; empty until one is chosen. */
  readonly of: string;
}

export const undoForm: FormSpec<UndoValues, ActionAt> = {
  fields: { of: text },
  initial: () => ({ of: '' }),
  intent: ({ of }, { disk: { target } }) => (of === '' ? null : { kind: 'undo', target, of }),
};
