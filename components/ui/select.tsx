import type { ComponentProps } from 'react';
import { BOX } from './box.ts';
import { classNames } from './class-names.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One of several by name: the browser's own list. */
export function Select({
  options,
  onChange,
  className,
  ...rest
}: Omit<ComponentProps<'select'>, 'onChange' | 'children'> & {
  options: readonly Option[];
  onChange: (value: string) => void;
}) {
  return (
    <select
      onChange={(event) => onChange(event.target.value)}
      className={classNames(BOX, className)}
      {...rest}
    >
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
