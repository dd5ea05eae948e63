'use client';

import { useTranslations } from 'next-intl';
import type { FieldsProps } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import type { ActionAt } from './action.ts';
import type { RevertValues } from './revert-form.ts';
import { SnapshotChoice } from './snapshot-choice.tsx';
import { SnapshotNameField } from './snapshot-name-field.tsx';

/** To which snapshot the guest goes back, and whether its present is kept. */
export function RevertControls({
  at: { guest },
  values: { snapshot, keep, name },
  plan,
  onChange,
}: FieldsProps<RevertValues, ActionAt>) {
  const t = useTranslations('actions.revert');
  return (
    <div className="flex flex-col gap-4">
      <SnapshotChoice
        label={t('snapshots')}
        guest={guest}
        chosen={snapshot}
        onChoose={(chosen) => onChange({ snapshot: chosen })}
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
