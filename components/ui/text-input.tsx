import type { ComponentProps } from 'react';
import { BOX } from './box.ts';
import { classNames } from './class-names.ts';

export interface TextInputProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  /** Nothing where a form reads it when it is sent. */
  onChange?: (text: string) => void;
}

/** A line to type in. Its size is set where it is used. */
export function TextInput({ onChange, className, type = 'text', ...rest }: TextInputProps) {
  return (
    <input
      type={type}
      autoComplete="off"
      onChange={onChange && ((event) => onChange(event.target.value))}
      className={classNames(BOX, className)}
      {...rest}
    />
  );
}
