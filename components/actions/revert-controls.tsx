'use client';

import { useTranslations } from 'next-intl';
import { recordStates } from '../../model/fleet/record-state.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import { RadioCards } from '../ui/radio-cards.tsx';
import { Time } from '../ui/time.tsx';
import type { ActionAt } from './action.ts';
import type { RevertValues } from './revert-form.ts';
import { SnapshotNameField } from './snapshot-name-field.tsx';

/** To which snapshot the guest goes back, and whether its present is kept. */
export function RevertControls({
  at: { guest },
  values: { snapshot, keep, name },
  plan,
  onChange,
}: FieldsProps<RevertValues, ActionAt>) {
  const t = useTranslations('actions.revert');
  const snapshots = useTranslations('snapshotStates');
  const states = recordStates(guest);
  return (
    <div className="flex flex-col gap-4">
      <RadioCards
        label={t('snapshots')}
        // The newest first.
        cards={guest.records.toReversed().map((record) => {
          const state = states.get(record.name) ?? 'unknown';
          return {
            value: record.name,
            title: record.name,
            figure: <span className="text-2xs text-muted">{snapshots('label', { state })}</span>,
            hint: (
              <>
                <Time at={record.createdAt} />
                {record.description !== null && ` · ${record.description}`}
                {` · ${snapshots('hint', { state })}`}
              </>
            ),
            disabled: false,
          };
        })}
        value={snapshot}
        onChange={(chosen) => onChange({ snapshot: chosen })}
      />
      <div className="flex flex-col gap-2">
        <CheckField
          label={t('keep')}
          hint={t('keepHint')}
          checked={keep}
          onChange={(wanted) => onChange({ keep: wanted })}
        />
        {keep && (
          <div className="pl-5">
            <SnapshotNameField name={name} plan={plan} onChange={(typed) => onChange({ name: typed })} />
          </div>
        )}
      </div>
    </div>
  );
}
