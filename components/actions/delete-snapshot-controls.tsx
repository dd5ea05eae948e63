'use client';

import { useTranslations } from 'next-intl';
import type { FieldsProps } from '../plan/form-of.tsx';
import type { ActionAt } from './action.ts';
import type { DeleteSnapshotValues } from './delete-snapshot-form.ts';
import { SnapshotChoice } from './snapshot-choice.tsx';

/** Which snapshot is deleted. */
export function DeleteSnapshotControls({
  at: { guest },
  values: { snapshot },
  onChange,
}: FieldsProps<DeleteSnapshotValues, ActionAt>) {
  const t = useTranslations('actions.delete-snapshot');
  return (
    <SnapshotChoice
      label={t('snapshots')}
      guest={guest}
      chosen={snapshot}
      onChoose={(chosen) => onChange({ snapshot: chosen })}
    />
  );
}
