import type { ReactNode } from 'react';
import { Sign } from './sign.tsx';

/** That all is well, in a sentence. It is read out when it comes up, where it answers somebody's question. */
export function CalmText({ answers = false, children }: { answers?: boolean; children: ReactNode }) {
  return (
    <p role={answers ? 'status' : undefined} className="text-muted">
      <Sign name="done" className="mr-1.5" />
      {children}
    </p>
  );
}
