'use client';

import { useTranslations } from 'next-intl';
import type { FlattenIntent } from '../../model/intent.ts';
import { CheckField } from '../ui/check-field.tsx';
import { type FieldsProps, formOf } from './form-of.tsx';
import { freeName } from './free-name.ts';
import { OverlayField } from './overlay-field.tsx';
import { SnapshotNameField } from './snapshot-name-field.tsx';

export default formOf<FlattenIntent>(
  ({ disk, picked }) => ({
    kind: 'flatten',
    target: disk.target,
    base: picked ?? null,
    snapshotFirst: null,
    forgetAfter: true,
  }),
  FlattenFields,
);

/** What may be done before and after the pull. */
function FlattenFields({ at, plan, intent, onChange }: FieldsProps<FlattenIntent>) {
  const t = useTranslations('actions.flatten');
  const { guest, host } = at;
  const first = intent.snapshotFirst;
  const name = freeName('before-flatten', guest.records);
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-1 text-2xs text-muted">{t('around')}</legend>
      <CheckField
        label={t('snapshotFirst')}
        hint={t('snapshotHint')}
        checked={first !== null}
        onChange={(wanted) => onChange({ ...intent, snapshotFirst: wanted ? { name, file: null } : null })}
      />
      {first !== null && (
        <div className="flex flex-col gap-2 pl-5">
          <SnapshotNameField
            name={first.name}
            plan={plan}
            onChange={(typed) => onChange({ ...intent, snapshotFirst: { ...first, name: typed } })}
          />
          <OverlayField
            hostId={host.id}
            target={intent.target}
            typed={first.file}
            plan={plan}
            onChange={(file) => onChange({ ...intent, snapshotFirst: { ...first, file } })}
          />
        </div>
      )}
      {(first !== null || guest.records.length > 0) && (
        <CheckField
          label={t('forgetAfter')}
          hint={t('forgetHint')}
          checked={intent.forgetAfter}
          onChange={(forgetAfter) => onChange({ ...intent, forgetAfter })}
        />
      )}
    </fieldset>
  );
}
