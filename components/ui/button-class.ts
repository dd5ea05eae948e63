import { classNames } from './class-names.ts';

const BOX =
  'inline-flex min-h-7 items-center justify-center gap-1.5 rounded-md px-2.5 whitespace-nowrap disabled:opacity-50 disabled:hover:brightness-100';

const VARIANTS = {
  main: `${BOX} bg-accent text-on-accent font-semibold hover:brightness-110`,
  plain: `${BOX} border border-line bg-raised text-text hover:bg-hover aria-pressed:border-accent`,
  quiet: `${BOX} text-muted hover:text-text hover:bg-hover`,
  danger: `${BOX} border border-line bg-raised text-bad hover:bg-hover`,
  /** Low, for a line of small text; marked where it is pressed. */
  small:
    'min-h-6.5 rounded-md border border-line px-2 text-2xs enabled:hover:bg-hover enabled:hover:text-text disabled:opacity-50 aria-pressed:border-accent aria-pressed:bg-selected aria-pressed:text-text aria-pressed:ring-1 aria-pressed:ring-accent',
  /** Looks like a link, and changes only what this page shows. */
  link: 'text-accent hover:underline',
  /** Brings its own classes. */
  bare: '',
} as const;

export type ButtonVariant = keyof typeof VARIANTS;

/** The classes of a button, and of a link in the place of a button. */
export function buttonClass(variant: ButtonVariant, more?: string): string {
  return classNames(VARIANTS[variant], more);
}
