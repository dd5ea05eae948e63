import { classNames } from './class-names.ts';

const LOOKS = {
  main: 'bg-accent text-on-accent font-semibold hover:brightness-110',
  plain: 'border border-line bg-raised text-text hover:bg-hover',
  quiet: 'text-muted hover:text-text hover:bg-hover',
  danger: 'border border-line bg-raised text-bad hover:bg-hover',
} as const;

export type ButtonLook = keyof typeof LOOKS;

/** How a button looks, and a link that stands where a button could. */
export function buttonClass(look: ButtonLook, more?: string): string {
  return classNames(
    'inline-flex min-h-7 items-center justify-center gap-1.5 rounded-md px-2.5 whitespace-nowrap',
    'disabled:opacity-50 disabled:hover:brightness-100',
    LOOKS[look],
    more,
  );
}
