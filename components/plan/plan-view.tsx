'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { commandsOf } from '../../model/commands.ts';
import type { Operation } from '../../model/operation.ts';
import type { Plan } from '../../model/plan.ts';
import { speedFrom } from '../operations/speed.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { type BandwidthChoice, BandwidthField } from './bandwidth-field.tsx';
import { Commands } from './commands.tsx';
import { Fact } from './fact.tsx';
import { OptionCard } from './option-card.tsx';
import { Problems } from './problems.tsx';
import { Refused } from './refused.tsx';
import { Room } from './room.tsx';
import { Start } from './start.tsx';
import { Steps } from './steps.tsx';
import { useNames } from './use-names.ts';

/** A plan to read and to start. */
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
  onRefused: () => void;
  /** Picks no base left. */
  onCompletely: () => void;
}) {
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  const names = useNames(plan);
  const group = useId();
  const [way, setWay] = useState<'pull'>('pull');
  const [choice, setChoice] = useState<BandwidthChoice>({ limited: false, typed: '' });
  const bandwidth = choice.limited ? speedFrom(choice.typed) || null : 0;
  const { cost, refusals, warnings } = plan;
  const merged = plan.disks[0]?.merged ?? [];
  if (refusals.length > 0) return <Refused plan={plan} onCompletely={onCompletely} />;
  return (
    <div className="flex flex-col gap-4">
      <p className="-mt-3 text-muted wrap-anywhere">
        {names.base === null
          ? t('mergeAll', { merged: names.merged, active: names.active, count: merged.length })
          : t('mergeToward', { merged: names.merged, base: names.base, count: merged.length })}
      </p>
      <fieldset>
        <legend className="sr-only">{t('way')}</legend>
        <OptionCard
          group={group}
          title={t('pull')}
          price={cost.atMost === null ? t('priceUnknown') : t('atMost', { size: bytes(cost.atMost) })}
          checked={way === 'pull'}
          onChoose={() => setWay('pull')}
        >
          {t('pullText', { count: merged.length })}
        </OptionCard>
        <p className="mt-1.5 text-2xs text-muted">{t(cost.atMost === null ? 'whyUnknown' : 'whyAtMost')}</p>
      </fieldset>
      <Room cost={cost} active={names.active} />
      {plan.others.length > 0 && <Fact term={t('others')}>{names.others}</Fact>}
      <Problems tone="warn" problems={warnings} />
      <Steps plan={plan} />
      <Commands commands={commandsOf(plan, bandwidth ?? 0)} />
      <div className="sticky bottom-0 -mx-4 flex flex-col gap-3 border-t border-line bg-panel px-4 py-3">
        <BandwidthField
          choice={choice}
          invalid={bandwidth === null && choice.typed !== ''}
          onChange={setChoice}
        />
        <Start
          plan={plan}
          bandwidth={bandwidth}
          blocked={blocked}
          onStarted={onStarted}
          onRefused={onRefused}
        />
      </div>
    </div>
  );
}
