'use client';

import { useId } from 'react';

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
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-2xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        value={value}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full rounded-md border border-line-strong bg-raised px-2 aria-invalid:border-bad"
      />
      {problem !== null && (
        <p id={`${id}-problem`} className="text-2xs wrap-anywhere text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
