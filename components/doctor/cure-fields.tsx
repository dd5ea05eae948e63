'use client';

import type { Intent } from '../../model/intent.ts';

/** What of a cure is the operator's choice. */
export function CureFields(_: { intent: Intent; onChange: (intent: Intent) => void }) {
  return null;
}
