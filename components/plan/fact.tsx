import type { ReactNode } from 'react';

/** A term and what it is, at the two sides of the panel. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <dl className="flex justify-between gap-4">
      <dt className="min-w-0 text-muted wrap-anywhere">{term}</dt>
      <dd className="min-w-0 max-w-3/4 shrink-0 text-right wrap-anywhere">{children}</dd>
    </dl>
  );
}
