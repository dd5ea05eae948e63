'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';

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
    <fieldset>
      <legend className="mb-1 text-2xs text-muted">{t('bandwidth')}</legend>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <label className="flex cursor-pointer items-center gap-1.5">
          <input
            type="radio"
            name={id}
            className="accent-accent"
            checked={!choice.limited}
            onChange={() => onChange({ ...choice, limited: false })}
          />
          {t('unlimited')}
        </label>
        <span className="flex items-center gap-1.5">
          <label className="flex cursor-pointer items-center gap-1.5">
            <input
              type="radio"
              name={id}
              className="accent-accent"
              checked={choice.limited}
              onChange={() => onChange({ ...choice, limited: true })}
            />
            {t('limitTo')}
          </label>
          <input
            type="text"
            inputMode="numeric"
            autoComplete="off"
            aria-label={t('limitLabel')}
            aria-invalid={invalid}
            aria-describedby={invalid ? `${id}-problem` : undefined}
            value={choice.typed}
            onChange={(event) => onChange({ limited: true, typed: event.target.value })}
            className="h-7 w-16 rounded-md border border-line-strong bg-raised px-2 text-right aria-invalid:border-bad"
          />
          <span className="text-muted">{t('limitUnit')}</span>
        </span>
      </div>
      {invalid && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-2xs text-bad">
          {t('limitInvalid')}
        </p>
      )}
    </fieldset>
  );
}
