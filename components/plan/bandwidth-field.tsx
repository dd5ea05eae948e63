'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { RadioGroup } from '../ui/radio-group.tsx';
import { TextInput } from '../ui/text-input.tsx';

export interface BandwidthChoice {
  readonly limited: boolean;
  /** What was typed, MiB per second. */
  readonly typed: string;
}

/** As fast as it goes, or not faster than so much. */
export function BandwidthField({
  choice,
  invalid,
  onChange,
}: {
  choice: BandwidthChoice;
  invalid: boolean;
  onChange: (choice: BandwidthChoice) => void;
}) {
  const t = useTranslations('plan');
  const id = useId();
  return (
    <RadioGroup
      row
      label={t('bandwidth')}
      value={choice.limited ? 'limited' : 'unlimited'}
      options={[
        { value: 'unlimited', label: t('unlimited') },
        {
          value: 'limited',
          label: t('limitTo'),
          more: (
            <>
              <TextInput
                inputMode="numeric"
                aria-label={t('limitLabel')}
                aria-invalid={invalid}
                aria-describedby={invalid ? `${id}-problem` : undefined}
                value={choice.typed}
                onChange={(typed) => onChange({ limited: true, typed })}
                className="h-7 w-16 text-right"
              />
              <span className="text-muted">{t('limitUnit')}</span>
            </>
          ),
        },
      ]}
      note={
        invalid && (
          <p id={`${id}-problem`} role="alert" className="mt-1 text-2xs text-bad">
            {t('limitInvalid')}
          </p>
        )
      }
      onChange={(value) => onChange({ ...choice, limited: value === 'limited' })}
    />
  );
}
