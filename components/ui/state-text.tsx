import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { INK, type Tone } from './tone.ts';

/** A state by shape and text. The text has a colour if it must not be missed. */
export function StateText({
  mark,
  tone,
  children,
}: {
  /** A `Sign` or a `Dot`. */
  mark: ReactNode;
  tone?: Tone | undefined;
  children: ReactNode;
}) {
  return (
    <span className={classNames('inline-flex items-center gap-1.5 whitespace-nowrap', tone && INK[tone])}>
      {mark}
      <span>{children}</span>
    </span>
  );
}
