import { forgettable } from '../../model/plans/forget.ts';
import { texts } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';

export interface ForgetValues {
  /** Names of the snapshot records to forget: at first all that nobody can revert to and that may go alone. */
  readonly record: readonly string[];
}

export const forgetForm: FormSpec<ForgetValues, ActionAt> = {
  fields: { record: texts },
  initial: ({ guest }) => ({ record: forgettable(guest) }),
  intent: ({ record: names }) => (names.length === 0 ? null : { kind: 'forget', names }),
};
