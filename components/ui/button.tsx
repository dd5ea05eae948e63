import type { ButtonHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';

const LOOKS = {
  main: 'bg-accent text-on-accent font-semibold hover:brightness-110',
  plain: 'border border-line bg-raised text-text hover:bg-hover',
  quiet: 'text-muted hover:text-text hover:bg-hover',
  danger: 'border border-line bg-raised text-bad hover:bg-hover',
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOKS;
}

export function Button({ look = 'plain', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames(
        'inline-flex min-h-7 items-center justify-center gap-1.5 rounded-md px-2.5 whitespace-nowrap',
        'disabled:opacity-50 disabled:hover:brightness-100',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
