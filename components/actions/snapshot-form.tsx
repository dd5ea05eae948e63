'use client';

import { useTranslations } from 'next-intl';
import type { Disk } from '../../model/fleet/disk.ts';
import type { SnapshotIntent } from '../../model/plans/snapshot.ts';
import { CheckField } from '../ui/check-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type FieldsProps, formOf } from './form-of.tsx';
import { freeName } from './free-name.ts';
import { OverlayField } from './overlay-field.tsx';
import { SnapshotNameField } from './snapshot-name-field.tsx';

export default formOf<SnapshotIntent>(
  ({ guest }) => ({
    kind: 'snapshot',
    name: freeName('snapshot', guest.records),
    description: '',
    quiesce: false,
    disks: guest.disks.filter(canBeFrozen).map(({ target }) => ({ target, file: null })),
  }),
  SnapshotFields,
);

function canBeFrozen({ chain, readOnly }: Disk): boolean {
  return chain !== null && chain.images.length > 0 && !readOnly;
}

function SnapshotFields({ at, plan, intent, onChange }: FieldsProps<SnapshotIntent>) {
  const t = useTranslations('actions.snapshot');
  const { guest, host } = at;
  const chosen = new Map(intent.disks.map(({ target, file }) => [target, file]));

  /** In the order of the guest's disks. */
  function choose(change: ReadonlyMap<string, string | null>) {
    const targets = guest.disks.map(({ target }) => target).filter((target) => change.has(target));
    onChange({ ...intent, disks: targets.map((target) => ({ target, file: change.get(target) ?? null })) });
  }

  function toggle(target: string, wanted: boolean) {
    const next = new Map(chosen);
    if (wanted) next.set(target, null);
    else next.delete(target);
    choose(next);
  }

  return (
    <div className="flex flex-col gap-4">
      <SnapshotNameField name={intent.name} plan={plan} onChange={(name) => onChange({ ...intent, name })} />
      <TextField
        label={t('description')}
        value={intent.description}
        onChange={(description) => onChange({ ...intent, description })}
      />
      <fieldset className="flex flex-col gap-2.5">
        <legend className="mb-1 text-2xs text-muted">{t('disks')}</legend>
        {guest.disks.filter(canBeFrozen).map(({ target }) => {
          const file = chosen.get(target);
          return (
            <div key={target} className="flex flex-col gap-1.5">
              <CheckField
                label={target}
                checked={file !== undefined}
                // A snapshot is of one disk at least.
                disabled={file !== undefined && chosen.size === 1}
                onChange={(wanted) => toggle(target, wanted)}
              />
              {file !== undefined && (
                <div className="pl-5">
                  <OverlayField
                    hostId={host.id}
                    target={target}
                    typed={file}
                    plan={plan}
                    onChange={(path) => choose(new Map(chosen).set(target, path))}
                  />
                </div>
              )}
            </div>
          );
        })}
      </fieldset>
      <CheckField
        label={t('quiesce')}
        hint={t('quiesceHint')}
        checked={intent.quiesce}
        onChange={(quiesce) => onChange({ ...intent, quiesce })}
      />
    </div>
  );
}
