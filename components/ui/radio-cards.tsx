'use client';

import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface Card<T extends string> {
  readonly value: T;
  readonly title: string;
  /** What is at its right end, such as a number. */
  readonly figure: ReactNode;
  readonly hint: ReactNode;
  readonly disabled: boolean;
}

/** One of a few to compare, each with a figure and a line of explanation. */
export function RadioCards<T extends string>({
  label,
  cards,
  value,
  onChange,
}: {
  label: string;
  cards: readonly Card<T>[];
  value: T;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-2xs text-muted">{label}</legend>
      {cards.map((card) => (
        <label
          key={card.value}
          className={classNames(
            'flex items-start gap-2.5 rounded-lg border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent',
            card.value === value ? 'border-accent bg-raised' : 'border-line',
            card.disabled ? 'text-muted' : 'cursor-pointer',
          )}
        >
          <input
            type="radio"
            name={name}
            className="mt-1 accent-accent"
            checked={card.value === value}
            disabled={card.disabled}
            onChange={() => onChange(card.value)}
          />
          <span className="min-w-0 flex-1">
            <span className="flex flex-wrap justify-between gap-x-3 font-medium">
              <span>{card.title}</span>
              <span>{card.figure}</span>
            </span>
            <span className="block text-2xs wrap-anywhere text-muted">{card.hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
