'use client';

import { useTranslations } from 'next-intl';
import { isLost, type RecordState, recordStates } from '../../model/fleet/record-state.ts';
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
  const snapshots = useTranslations('snapshotStates');
  const states = recordStates(guest);
  const stateOf = (name: string) => states.get(name) ?? 'unknown';
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-1.5 text-2xs text-muted">{t('records')}</legend>
      {guest.reverts !== null && guest.records.length > 1 && (
        <p className="text-2xs text-muted">{t('safely')}</p>
      )}
      {guest.records.map((record) => (
        <CheckField
          key={record.name}
          label={
            <>
              <span className="wrap-anywhere">{record.name}</span>
              <StateLabel state={stateOf(record.name)} />
            </>
          }
          hint={
            <>
              <Time at={record.createdAt} />
              {record.description !== null && ` · ${record.description}`}
              {guest.reverts !== null && ` · ${snapshots('hint', { state: stateOf(record.name) })}`}
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

function StateLabel({ state }: { state: RecordState }) {
  const t = useTranslations('snapshotStates');
  if (state === 'good') return null;
  return (
    <span className={`ml-2 text-2xs ${isLost(state) ? 'text-warn' : 'text-muted'}`}>
      {t('label', { state })}
    </span>
  );
}
