import type { ReactNode } from 'react';

/** The head of a page: its title, what it is for, and beside them what it shows. */
export function PageHead({ title, intro, children }: { title: string; intro: string; children: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <div>
        <h1 className="text-lg font-semibold">{title}</h1>
        <p className="mt-0.5 max-w-[75ch] text-muted">{intro}</p>
      </div>
      <div className="flex items-end gap-2">{children}</div>
    </header>
  );
}
