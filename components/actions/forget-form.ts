import { isStale } from '../../model/fleet/snapshot-record.ts';
import { texts } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';

export interface ForgetValues {
  /** Names of the snapshot records to forget: at first all that are stale. */
  readonly record: readonly string[];
}

export const forgetForm: FormSpec<ForgetValues, ActionAt> = {
  fields: { record: texts },
  initial: ({ guest: { records, disks } }) => ({
    record: records.filter((record) => isStale(record, disks)).map(({ name }) => name),
  }),
  intent: ({ record: names }) => (names.length === 0 ? null : { kind: 'forget', names }),
};
