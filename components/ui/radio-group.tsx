'use client';

import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface RadioOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
  /** What belongs to this option alone, beside it. */
  readonly more?: ReactNode;
}

/** One of a few under a common name: below each other, or in a row where they are short. */
export function RadioGroup<T extends string>({
  label,
  options,
  value,
  row = false,
  note,
  onChange,
}: {
  label: string;
  options: readonly RadioOption<T>[];
  value: T;
  row?: boolean;
  /** What is below all of them. */
  note?: ReactNode;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-2xs text-muted">{label}</legend>
      <div
        className={classNames('flex', row ? 'flex-wrap items-center gap-x-4 gap-y-1' : 'flex-col gap-1.5')}
      >
        {options.map((option) => (
          <span key={option.value} className="flex items-center gap-1.5">
            <label
              className={classNames(
                'flex cursor-pointer',
                row ? 'items-center gap-1.5' : 'items-start gap-2',
              )}
            >
              <input
                type="radio"
                name={name}
                className={classNames('accent-accent', !row && 'mt-1')}
                checked={option.value === value}
                onChange={() => onChange(option.value)}
              />
              <span>
                {option.label}
                {option.hint !== undefined && (
                  <span className="block text-2xs text-muted">{option.hint}</span>
                )}
              </span>
            </label>
            {option.more}
          </span>
        ))}
      </div>
      {note}
    </fieldset>
  );
}
