import type { ReactNode } from 'react';

/** A command within a text of the catalogue. */
export function Code(chunks: ReactNode) {
  return <code className="font-mono text-xs whitespace-nowrap text-text">{chunks}</code>;
}
