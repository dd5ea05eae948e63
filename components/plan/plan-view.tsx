'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { commandsOf } from '../../model/kinds/commands.ts';
import { confirmationOf } from '../../model/kinds/confirmation.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { isBlockJob, takesSpeed } from '../../model/kinds/step-work.ts';
import type { Operation } from '../../model/operation/operation.ts';
import type { OnFull } from '../../model/operation/pause.ts';
import type { Problem } from '../../model/problem.ts';
import { useAhead } from '../live/use-operations.ts';
import { Commands } from '../operations/commands.tsx';
import { diskName } from '../operations/disk-name.ts';
import { speedFrom } from '../operations/speed.ts';
import { TextField } from '../ui/text-field.tsx';
import { type BandwidthChoice, BandwidthField } from './bandwidth-field.tsx';
import { CheckpointChanges } from './checkpoint-changes.tsx';
import { useConcern } from './concerned-guests.tsx';
import { Fact } from './fact.tsx';
import { FreeSpace } from './free-space.tsx';
import { OnFullField } from './on-full-field.tsx';
import { OutcomeList } from './outcome-list.tsx';
import { Problems } from './problems.tsx';
import { Refused } from './refused.tsx';
import { Start } from './start.tsx';
import { Steps } from './steps.tsx';
import { useNames } from './use-names.ts';

/** A plan to read and to start: what becomes of each image, what it costs and concerns, the steps, and the commands. */
export function PlanView({
  plan,
  blocked,
  onStarted,
  onRefused,
  onCompletely,
}: {
  plan: Plan;
  /** What has to be over before it can be started; `null` where it can be started now. */
  blocked: string | null;
  onStarted: (operation: Operation) => void;
  onRefused: (problem: Problem) => void;
  /** Flattens completely instead; only for a flatten. */
  onCompletely: (() => void) | undefined;
}) {
  const t = useTranslations('plan');
  const names = useNames(plan);
  const ahead = useAhead(plan);
  useConcern(plan.otherUsers);
  const [choice, setChoice] = useState<BandwidthChoice>({ limited: false, typed: '' });
  const [typed, setTyped] = useState({ fingerprint: '', text: '' });
  const [onFull, setOnFull] = useState<OnFull>('pause');
  const limitable = plan.steps.some(takesSpeed);
  const bandwidth = limitable && choice.limited ? speedFrom(choice.typed) || null : 0;
  const { refusals } = plan;
  const word = confirmationOf(plan);
  // What was typed to confirm one loss confirms no other.
  const confirmed = typed.fingerprint === plan.fingerprint ? typed.text : '';
  // The job of an operation is named below.
  const warnings = plan.warnings.filter(({ code }) => code !== 'OTHER_JOB_RUNNING' || ahead === null);
  if (refusals.length > 0) return <Refused plan={plan} onCompletely={onCompletely} />;
  return (
    // No box of its own: what starts the plan stays in sight in the whole panel, however long the form above is.
    <div className="contents">
      <OutcomeList plan={plan} />
      {plan.steps.some(isBlockJob) && <FreeSpace plan={plan} bandwidth={bandwidth ?? 0} />}
      {plan.otherUsers.length > 0 && <Fact term={t('others')}>{names.others}</Fact>}
      <CheckpointChanges plan={plan} />
      <Problems tone="warn" problems={warnings} />
      <Steps plan={plan} />
      <Commands commands={commandsOf(plan, bandwidth ?? 0)} />
      <div className="sticky bottom-0 -mx-4 flex flex-col gap-3 border-t border-line bg-panel px-4 py-3">
        {limitable && (
          <BandwidthField
            choice={choice}
            invalid={bandwidth === null && choice.typed !== ''}
            onChange={setChoice}
          />
        )}
        {limitable && <OnFullField value={onFull} onChange={setOnFull} />}
        {warnings.length > 0 && (
          <p className="text-2xs text-warn">{t('warningsAbove', { count: warnings.length })}</p>
        )}
        {ahead !== null && blocked === null && (
          <p className="text-muted">{t('startsAfter', { disk: diskName(ahead) })}</p>
        )}
        {word !== null && (
          <TextField
            label={t('confirm', { word })}
            value={confirmed}
            onChange={(text) => setTyped({ fingerprint: plan.fingerprint, text })}
          />
        )}
        <Start
          plan={plan}
          confirmed={confirmed}
          onFull={onFull}
          bandwidth={bandwidth}
          blocked={blocked}
          onStarted={onStarted}
          onRefused={onRefused}
        />
      </div>
    </div>
  );
}
