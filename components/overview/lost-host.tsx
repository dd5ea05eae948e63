'use client';

import { useTranslations } from 'next-intl';
import type { Host } from '../../model/fleet/host.ts';
import { SeveritySign } from '../doctor/severity-sign.tsx';
import { useProblemText } from '../problem/problem-text.ts';

/** A host that is not connected, and why. */
export function LostHost({ host }: { host: Host }) {
  const t = useTranslations('overview');
  const problemText = useProblemText();
  return (
    <li className="flex items-start gap-3 border-line px-3 py-2 not-first:border-t">
      <SeveritySign severity="bad" />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p className="font-medium">{t('hostLost', { host: host.name })}</p>
        <p className="text-muted">{host.problem ? problemText(host.problem) : host.uri}</p>
      </div>
    </li>
  );
}
