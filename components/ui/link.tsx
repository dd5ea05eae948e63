import NextLink from 'next/link';
import type { ComponentProps } from 'react';
import { buttonClass } from './button-class.ts';
import { classNames } from './class-names.ts';

const VARIANTS = {
  /** Leads on to something else. */
  accent: 'text-accent hover:underline',
  /** Stands in a sentence. */
  inline: 'text-accent underline hover:no-underline',
  /** Is beside what matters more. */
  quiet: 'text-muted hover:text-text',
  /** Is the name of something that has a page. */
  name: 'hover:text-accent',
  /** Stands where a button could. */
  button: buttonClass('plain'),
  /** Brings its own classes. */
  bare: '',
} as const;

export interface LinkProps extends Omit<ComponentProps<typeof NextLink>, 'href' | 'prefetch'> {
  href: string;
  variant?: keyof typeof VARIANTS;
}

/** A link to another page of the dashboard. Nothing is fetched before it is followed: pages have live data. */
export function Link({ variant = 'accent', className, ...rest }: LinkProps) {
  return <NextLink prefetch={false} className={classNames(VARIANTS[variant], className)} {...rest} />;
}
