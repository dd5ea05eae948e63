'use client';

import { CONTROL, Labelled } from './labelled.tsx';

/** One of several, by name, under its label. */
export function SelectField({
  label,
  options,
  value,
  note,
  onChange,
}: {
  label: string;
  options: readonly { readonly value: string; readonly label: string }[];
  value: string;
  /** Said below when it comes up; left out where there never is one. */
  note?: string | null;
  onChange: (value: string) => void;
}) {
  return (
    <Labelled label={label} more={note !== undefined && <Note text={note} />}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={CONTROL}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** There before its text is, or it would not be read out. */
function Note({ text }: { text: string | null }) {
  return (
    <p role="status" className={text === null ? 'sr-only' : 'text-2xs wrap-anywhere text-warn'}>
      {text}
    </p>
  );
}
