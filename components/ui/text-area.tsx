import type { ComponentProps } from 'react';
import { BOX } from './box.ts';
import { classNames } from './class-names.ts';

/** One line of text that wraps where it is long, such as a path whose end matters. */
export function TextArea({
  onChange,
  className,
  ...rest
}: Omit<ComponentProps<'textarea'>, 'onChange'> & { onChange: (text: string) => void }) {
  return (
    <textarea
      rows={2}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value.replaceAll(/[\r\n]/g, ''))}
      className={classNames(
        BOX,
        'field-sizing-content min-h-8 w-full resize-none py-1.5 wrap-anywhere',
        className,
      )}
      {...rest}
    />
  );
}
