'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import { isStale } from '../../model/fleet/snapshot-record.ts';
import { CheckField } from '../ui/check-field.tsx';
import { Time } from '../ui/time.tsx';
import type { FormProps } from './action.ts';

/** Which snapshot records are to be forgotten: at first all that are stale. */
export default function ForgetForm({ at: { guest }, onIntent }: FormProps) {
  const t = useTranslations('actions.forget');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () =>
      new Set(guest.records.filter((record) => isStale(record, guest.disks)).map((record) => record.name)),
  );
  const tell = useEffectEvent(onIntent);
  useEffect(() => {
    tell(chosen.size === 0 ? null : { kind: 'forget', names: [...chosen] });
  }, [chosen]);

  function toggle(name: string, wanted: boolean) {
    const next = new Set(chosen);
    if (wanted) next.add(name);
    else next.delete(name);
    setChosen(next);
  }

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
          checked={chosen.has(record.name)}
          onChange={(wanted) => toggle(record.name, wanted)}
        />
      ))}
    </fieldset>
  );
}
