'use client';

import { useTranslations } from 'next-intl';
import { isStale } from '../../model/fleet/snapshot-record.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import { Time } from '../ui/time.tsx';
import type { ActionAt } from './action.ts';
import type { ForgetValues } from './forget-form.ts';

/** Which snapshot records are to be forgotten. */
export function ForgetControls({
  at: { guest },
  values: { record: chosen },
  onChange,
}: FieldsProps<ForgetValues, ActionAt>) {
  const t = useTranslations('actions.forget');
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-1.5 text-2xs text-muted">{t('records')}</legend>
      {guest.records.map((record) => (
        <CheckField
          key={record.name}
          label={
            <>
              <span className="wrap-anywhere">{record.name}</span>
              {isStale(record, guest.disks) && <span className="ml-2 text-2xs text-warn">{t('stale')}</span>}
            </>
          }
          hint={
            <>
              <Time at={record.createdAt} />
              {record.description !== null && ` · ${record.description}`}
            </>
          }
          checked={chosen.includes(record.name)}
          onChange={(wanted) => {
            const others = chosen.filter((name) => name !== record.name);
            onChange({ record: wanted ? [...others, record.name] : others });
          }}
        />
      ))}
    </fieldset>
  );
}
