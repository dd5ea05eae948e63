'use client';

import { classNames } from './class-names.ts';

/** One of a few, for at once: small radio buttons in a row. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { readonly value: T; readonly label: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div role="radiogroup" aria-label={label} className="flex gap-0.5">
      {options.map((option) => (
        <label
          key={option.value}
          className={classNames(
            'cursor-pointer rounded-md px-1.5 py-0.5 text-2xs has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === value ? 'bg-hover font-medium text-text' : 'text-muted hover:text-text',
          )}
        >
          <input
            type="radio"
            className="sr-only"
            name={label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
