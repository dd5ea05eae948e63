'use client';

import { useTranslations } from 'next-intl';
import type { Host } from '../../model/fleet/host.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { classNames } from '../ui/class-names.ts';
import { HostStateMark } from './host-state-mark.tsx';

export function HostHead({ host, count, column }: { host: Host; count: number; column: string | null }) {
  const t = useTranslations('fleet');
  const problemText = useProblemText();
  // A host that never answered has guests that nobody knows of.
  const known = count > 0 || host.state === 'connected';
  return (
    <div className="px-4 pb-1">
      <div className="flex items-baseline gap-2 text-2xs">
        <h2 className="min-w-0 truncate font-semibold text-muted" title={host.uri}>
          <span className="text-text">{host.name}</span> {known && <> · {t('guests', { count })}</>}
        </h2>
        {host.state !== 'connected' && <HostStateMark state={host.state} />}
        {column !== null && <span className="ml-auto shrink-0 font-semibold text-muted">{column}</span>}
      </div>
      {host.state !== 'connected' && host.problem && (
        <p
          className={classNames(
            'mt-1 mb-1.5 line-clamp-3 border-l-2 pl-2.5 text-2xs text-muted wrap-anywhere',
            host.state === 'lost' ? 'border-bad' : 'border-warn',
          )}
          title={problemText(host.problem)}
        >
          {problemText(host.problem)}
        </p>
      )}
    </div>
  );
}
