import { text } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';

export interface DeleteSnapshotValues {
  /** Name of the snapshot; empty until one is chosen. */
  readonly snapshot: string;
}

export const deleteSnapshotForm: FormSpec<DeleteSnapshotValues, ActionAt> = {
  fields: { snapshot: text },
  initial: () => ({ snapshot: '' }),
  intent: ({ snapshot: name }) => (name === '' ? null : { kind: 'delete-snapshot', name }),
};
