'use client';

import { classNames } from './class-names.ts';
import { Link } from './link.tsx';

export interface Segment {
  readonly key: string;
  readonly label: string;
  readonly href: string;
}

/** Places to choose from, as links: the one that is open is marked. */
export function Segments({
  label,
  items,
  current,
}: {
  label: string;
  items: readonly Segment[];
  current: string | null;
}) {
  return (
    <nav aria-label={label} className="flex min-w-0 gap-1 overflow-x-auto p-0.5">
      {items.map((item) => (
        <Link
          key={item.key}
          href={item.href}
          scroll={false}
          variant="bare"
          aria-current={item.key === current ? 'page' : undefined}
          className={classNames(
            'rounded-md border px-2.5 py-1 whitespace-nowrap',
            item.key === current
              ? 'border-line bg-raised font-medium text-text'
              : 'border-transparent text-muted hover:text-text',
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
