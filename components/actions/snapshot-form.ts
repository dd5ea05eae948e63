import { canBeFrozen } from '../../model/plans/snapshot-checks.ts';
import { flag, text, textByKey, texts } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';
import { freeName } from './free-name.ts';

export interface SnapshotValues {
  readonly name: string;
  readonly description: string;
  readonly quiesce: boolean;
  /** Targets of the disks that it is of. */
  readonly disk: readonly string[];
  /** Path of the new active image of each disk that is not to have the proposed one. */
  readonly file: ReadonlyMap<string, string>;
}

export const snapshotForm: FormSpec<SnapshotValues, ActionAt> = {
  fields: { name: text, description: text, quiesce: flag, disk: texts, file: textByKey },
  initial: ({ guest }) => ({
    name: freeName('snapshot', guest.records),
    description: '',
    quiesce: false,
    disk: guest.disks.filter(canBeFrozen).map(({ target }) => target),
    file: new Map(),
  }),
  intent: ({ name, description, quiesce, disk, file }) => ({
    kind: 'snapshot',
    name,
    description,
    quiesce,
    disks: disk.map((target) => ({ target, file: file.get(target) ?? null })),
  }),
};
