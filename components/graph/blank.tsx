import type { ReactNode } from 'react';

/** The text in place of a graph: why there is no chain, and what to do. */
export function Blank({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="flex h-full min-h-60 items-center justify-center p-6">
      <div className="flex max-w-md flex-col items-center gap-2 text-center">
        <svg
          width="92"
          height="40"
          viewBox="0 0 92 40"
          fill="none"
          aria-hidden="true"
          className="stroke-line-strong"
        >
          <rect x="1" y="5" width="34" height="30" rx="4" strokeDasharray="3 3" />
          <rect x="57" y="5" width="34" height="30" rx="4" strokeDasharray="3 3" />
          <path d="M53 20H40M44 16L40 20L44 24" strokeDasharray="3 3" />
        </svg>
        <h2 className="font-semibold">{title}</h2>
        {text && <p className="text-muted">{text}</p>}
        {children && <div className="text-left">{children}</div>}
      </div>
    </div>
  );
}
