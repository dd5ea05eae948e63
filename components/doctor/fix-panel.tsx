'use client';

import { useTranslations } from 'next-intl';
import type { Finding, ProposedIntent } from '../../model/doctor/finding.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { useTypedQuery } from '../address/use-typed-query.ts';
import { useGuest, useHost } from '../live/use-fleet.ts';
import { Planned } from '../plan/planned.tsx';
import { usePlan } from '../plan/use-plan.ts';
import { Panel } from '../ui/panel.tsx';
import { FixControls, fixFrom } from './fix-form.tsx';
import { useFindingTexts } from './use-finding-texts.ts';

/** The plan of a fix, to read and to start. */
export function FixPanel({
  finding,
  fix,
  onStarted,
  onClose,
}: {
  finding: Finding;
  fix: ProposedIntent;
  onStarted: (operation: Operation) => void;
  onClose: () => void;
}) {
  const t = useTranslations('doctor');
  const { title } = useFindingTexts()(finding);
  const host = useHost(finding.hostId);
  const guest = useGuest(finding.hostId, finding.uuid);
  const { settled, typed, type } = useTypedQuery();
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
          <FixControls fix={fix} query={typed} onQuery={type} />
          <FixPlan
            host={host}
            guest={guest}
            intent={fixFrom(settled, fix)}
            changing={typed !== settled}
            onStarted={onStarted}
          />
        </>
      )}
    </Panel>
  );
}

function FixPlan({
  host,
  guest,
  intent,
  changing,
  onStarted,
}: {
  host: NonNullable<ReturnType<typeof useHost>>;
  guest: NonNullable<ReturnType<typeof useGuest>>;
  intent: Intent;
  changing: boolean;
  onStarted: (operation: Operation) => void;
}) {
  const plan = usePlan(host, guest, intent);
  return <Planned host={host} plan={plan} changing={changing} onStarted={onStarted} />;
}
