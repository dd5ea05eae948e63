import { flag, text } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';
import { freeName } from './free-name.ts';

export interface RevertValues {
  /** Name of the snapshot; empty until one is chosen. */
  readonly snapshot: string;
  readonly keep: boolean;
  /** Name of the snapshot that keeps the present. */
  readonly name: string;
}

export const revertForm: FormSpec<RevertValues, ActionAt> = {
  fields: { snapshot: text, keep: flag, name: text },
  initial: ({ guest }) => ({ snapshot: '', keep: true, name: freeName('before-revert', guest.records) }),
  intent: ({ snapshot, keep, name }) =>
    snapshot === '' ? null : { kind: 'revert', name: snapshot, keepAs: keep ? name : null },
};
