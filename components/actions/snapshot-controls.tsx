'use client';

import { useTranslations } from 'next-intl';
import { canBeFrozen } from '../../model/plans/snapshot-checks.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { ActionAt } from './action.ts';
import { OverlayField } from './overlay-field.tsx';
import type { SnapshotValues } from './snapshot-form.ts';
import { SnapshotNameField } from './snapshot-name-field.tsx';

/** What a snapshot is called, of which disks it is, and where their new active images are to be. */
export function SnapshotControls({
  at: { guest, host },
  values,
  plan,
  onChange,
}: FieldsProps<SnapshotValues, ActionAt>) {
  const t = useTranslations('actions.snapshot');
  const { name, description, quiesce, disk: chosen, file } = values;

  function toggle(target: string, wanted: boolean) {
    const kept = new Map([...file].filter(([one]) => one !== target));
    // In the order of the guest's disks.
    const targets = guest.disks
      .map((disk) => disk.target)
      .filter((one) => (one === target ? wanted : chosen.includes(one)));
    onChange({ disk: targets, file: kept });
  }

  return (
    <div className="flex flex-col gap-4">
      <SnapshotNameField name={name} plan={plan} onChange={(typed) => onChange({ name: typed })} />
      <TextField
        label={t('description')}
        value={description}
        onChange={(typed) => onChange({ description: typed })}
      />
      <fieldset className="flex flex-col gap-2.5">
        <legend className="mb-1 text-2xs text-muted">{t('disks')}</legend>
        {guest.disks.filter(canBeFrozen).map(({ target }) => (
          <div key={target} className="flex flex-col gap-1.5">
            <CheckField
              label={target}
              checked={chosen.includes(target)}
              // A snapshot is of one disk at least.
              disabled={chosen.length === 1 && chosen.includes(target)}
              onChange={(wanted) => toggle(target, wanted)}
            />
            {chosen.includes(target) && (
              <div className="pl-5">
                <OverlayField
                  hostId={host.id}
                  target={target}
                  typed={file.get(target) ?? null}
                  plan={plan}
                  onChange={(path) => onChange({ file: new Map(file).set(target, path) })}
                />
              </div>
            )}
          </div>
        ))}
      </fieldset>
      <CheckField
        label={t('quiesce')}
        hint={t('quiesceHint')}
        checked={quiesce}
        onChange={(wanted) => onChange({ quiesce: wanted })}
      />
    </div>
  );
}
