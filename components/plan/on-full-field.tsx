'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { ON_FULL, type OnFull } from '../../model/operation/pause.ts';

/** What is done before the file system is full. */
export function OnFullField({ value, onChange }: { value: OnFull; onChange: (value: OnFull) => void }) {
  const t = useTranslations('plan');
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-2xs text-muted">{t('onFull')}</legend>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {ON_FULL.map((one) => (
          <label key={one} className="flex cursor-pointer items-center gap-1.5">
            <input
              type="radio"
              name={name}
              className="accent-accent"
              checked={value === one}
              onChange={() => onChange(one)}
            />
            {t('onFullChoice', { choice: one })}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
