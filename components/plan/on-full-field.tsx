'use client';

import { useTranslations } from 'next-intl';
import { ON_FULL, type OnFull } from '../../model/operation/pause.ts';
import { RadioGroup } from '../ui/radio-group.tsx';

/** What is done before the file system is full. */
export function OnFullField({ value, onChange }: { value: OnFull; onChange: (value: OnFull) => void }) {
  const t = useTranslations('plan');
  return (
    <RadioGroup
      row
      label={t('onFull')}
      value={value}
      options={ON_FULL.map((choice) => ({ value: choice, label: t('onFullChoice', { choice }) }))}
      onChange={onChange}
    />
  );
}
