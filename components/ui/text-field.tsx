'use client';

import { CONTROL, Labelled } from './labelled.tsx';

/** A line of text under its label, with what is wrong with it below. */
export function TextField({
  label,
  value,
  problem = null,
  onChange,
}: {
  label: string;
  value: string;
  problem?: string | null;
  onChange: (value: string) => void;
}) {
  return (
    <Labelled label={label} problem={problem}>
      {(control) => (
        <input
          {...control}
          type="text"
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={CONTROL}
        />
      )}
    </Labelled>
  );
}
