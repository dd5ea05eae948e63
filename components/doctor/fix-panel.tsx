'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Finding } from '../../model/doctor/finding.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { useGuest, useHost } from '../live/use-fleet.ts';
import { Planned } from '../plan/planned.tsx';
import { usePlan } from '../plan/use-plan.ts';
import { useSettled } from '../plan/use-settled.ts';
import { Panel } from '../ui/panel.tsx';
import { FixFields } from './fix-fields.tsx';
import { useFindingTexts } from './use-finding-texts.ts';

/** Milliseconds without another key until a plan is asked for. */
const TYPING = 250;

/** The plan of a cure, to read and to start. */
export function FixPanel({
  finding,
  fix,
  onStarted,
  onClose,
}: {
  finding: Finding;
  fix: Intent;
  onStarted: (operation: Operation) => void;
  onClose: () => void;
}) {
  const t = useTranslations('doctor');
  const { title } = useFindingTexts()(finding);
  const host = useHost(finding.hostId);
  const guest = useGuest(finding.hostId, finding.uuid);
  const [intent, setIntent] = useState(fix);
  return (
    <Panel
      title={t(`fixes.${fix.kind}`)}
      subtitle={
        <>
          {finding.target === null ? finding.guestName : `${finding.guestName} · ${finding.target}`}: {title}
        </>
      }
      onClose={onClose}
    >
      {host && guest && (
        <>
          <FixFields intent={intent} onChange={setIntent} />
          <FixPlan host={host} guest={guest} intent={intent} onStarted={onStarted} />
        </>
      )}
    </Panel>
  );
}

function FixPlan({
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
