import type { ReactNode } from 'react';

/** A page or pane that has nothing to show says why, and what can be done. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid min-h-72 place-items-center p-6">
      <div className="max-w-md text-center">
        <svg aria-hidden width="56" height="40" viewBox="0 0 56 40" className="mx-auto mb-4">
          <g fill="none" strokeWidth="1.2" strokeDasharray="3 3">
            <rect className="stroke-stratum-3" x="12" y="3" width="32" height="8" rx="2" />
            <rect className="stroke-stratum-2" x="8" y="16" width="40" height="8" rx="2" />
            <rect className="stroke-stratum-1" x="4" y="29" width="48" height="8" rx="2" />
          </g>
        </svg>
        <h1 className="text-base font-semibold">{title}</h1>
        <div className="mt-1 text-muted wrap-anywhere">{children}</div>
        {action && <div className="mt-4 flex justify-center">{action}</div>}
      </div>
    </div>
  );
}
