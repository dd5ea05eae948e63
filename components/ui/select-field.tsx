'use client';

import { FIELD } from './box.ts';
import { Labelled } from './labelled.tsx';
import { type Option, Select } from './select.tsx';

/** One of several, by name, under its label. */
export function SelectField({
  label,
  options,
  value,
  note,
  onChange,
}: {
  label: string;
  options: readonly Option[];
  value: string;
  /** Said below when it comes up; left out where there never is one. */
  note?: string | null;
  onChange: (value: string) => void;
}) {
  return (
    <Labelled label={label} more={note !== undefined && <Note text={note} />}>
      {(control) => (
        <Select {...control} options={options} value={value} onChange={onChange} className={FIELD} />
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
