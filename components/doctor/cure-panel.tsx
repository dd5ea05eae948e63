'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Finding } from '../../model/finding.ts';
import type { Intent } from '../../model/intent.ts';
import type { Operation } from '../../model/operation.ts';
import { useGuest, useHost } from '../live/use-fleet.ts';
import { Planned } from '../plan/planned.tsx';
import { usePlan } from '../plan/use-plan.ts';
import { useSettled } from '../plan/use-settled.ts';
import { CureFields } from './cure-fields.tsx';
import { useFindingWords } from './use-finding-words.ts';

/** Milliseconds without another key until a plan is asked for. */
const TYPING = 250;

/** The plan of a cure, to read and to start. */
export function CurePanel({
  finding,
  cure,
  onStarted,
  onClose,
}: {
  finding: Finding;
  cure: Intent;
  onStarted: (operation: Operation) => void;
  onClose: () => void;
}) {
  const t = useTranslations('doctor');
  const ui = useTranslations('ui');
  const { title } = useFindingWords()(finding);
  const host = useHost(finding.hostId);
  const guest = useGuest(finding.hostId, finding.uuid);
  const [intent, setIntent] = useState(cure);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  }

  return (
    <section aria-labelledby="cure-title" onKeyDown={onKeyDown} className="flex flex-col gap-4 p-4">
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0 wrap-anywhere">
          <h2 ref={heading} id="cure-title" tabIndex={-1} className="text-lg font-semibold outline-none">
            {t(`cures.${cure.kind}`)}
          </h2>
          <p className="mt-0.5 text-muted">
            {finding.target === null ? finding.guestName : `${finding.guestName} · ${finding.target}`}:{' '}
            {title}
          </p>
        </div>
        <button
          type="button"
          aria-label={ui('close')}
          onClick={onClose}
          className="-m-1 size-7 shrink-0 rounded-md text-muted hover:bg-hover hover:text-text"
        >
          ×
        </button>
      </header>
      {host && guest && (
        <>
          <CureFields intent={intent} onChange={setIntent} />
          <CurePlan host={host} guest={guest} intent={intent} onStarted={onStarted} />
        </>
      )}
    </section>
  );
}

function CurePlan({
  host,
  guest,
  intent,
  onStarted,
}: {
  host: NonNullable<ReturnType<typeof useHost>>;
  guest: NonNullable<ReturnType<typeof useGuest>>;
  intent: Intent;
  onStarted: (operation: Operation) => void;
}) {
  const settled = useSettled(intent, TYPING);
  const plan = usePlan(host, guest, settled);
  return <Planned host={host} plan={plan} changing={settled !== intent} onStarted={onStarted} />;
}
