'use client';

import { FIELD } from './box.ts';
import { Labelled } from './labelled.tsx';
import { TextInput } from './text-input.tsx';

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
      {(control) => <TextInput {...control} value={value} onChange={onChange} className={FIELD} />}
    </Labelled>
  );
}
