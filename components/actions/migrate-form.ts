import { flag, text, textByKey } from '../address/fields.ts';
import type { FormSpec } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';

export interface MigrateValues {
  /** Id of the destination. */
  readonly to: string;
  /** Path of the new image of each disk that is not to have the proposed one. */
  readonly file: ReadonlyMap<string, string>;
  /** Path by which the destination reads the present image of a disk, where it is another one there. */
  readonly from: ReadonlyMap<string, string>;
  readonly pull: boolean;
  readonly forget: boolean;
}

export const migrateForm: FormSpec<MigrateValues, ActionAt> = {
  fields: { to: text, file: textByKey, from: textByKey, pull: flag, forget: flag },
  initial: ({ guest, others }) => ({
    to: (others.find(({ state }) => state === 'connected') ?? others[0])?.id ?? '',
    file: new Map(),
    from: new Map(),
    pull: true,
    // Elsewhere libvirt may still revert to them.
    forget: guest.reverts === null,
  }),
  intent: ({ to, file, from, pull, forget }, { others }) => {
    if (others.length === 0) return null;
    const targets = [...new Set([...file.keys(), ...from.keys()])];
    const disks = targets.map((target) => ({
      target,
      file: file.get(target) ?? null,
      from: from.get(target) ?? null,
    }));
    return { kind: 'migrate', to, disks, pull, forgetFirst: forget };
  },
};
