import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { classNames } from './class-names.ts';

/** A button that shows a sign in place of a text; its label names it. No smaller than a finger needs. */
export function IconButton({
  label,
  className,
  children,
  ...rest
}: Omit<ButtonProps, 'variant' | 'aria-label'> & { label: string; children: ReactNode }) {
  return (
    <Button
      variant="bare"
      aria-label={label}
      className={classNames(
        'flex size-[26px] shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text',
        className,
      )}
      {...rest}
    >
      {children}
    </Button>
  );
}
