'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import type { FieldsProps } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import type { ActionAt } from './action.ts';
import { type FlattenValues, goalToward } from './flatten-form.ts';
import { forgetsAfter } from './forgets-after.ts';
import { freeName } from './free-name.ts';
import { OverlayField } from './overlay-field.tsx';
import { SnapshotNameField } from './snapshot-name-field.tsx';

// The plan beside it is there first. The server has no strategies to show, and a browser that is slow to start would complain
// of code that it was sent ahead for nothing.
const StrategyChoice = dynamic(
  () => import('./strategy-choice.tsx').then((module) => module.StrategyChoice),
  { ssr: false, loading: () => null },
);

type Props = FieldsProps<FlattenValues, ActionAt>;

/** How everything above the picked base becomes one image, and what may be done before and after it. */
export function FlattenControls({ at, plan, values, onChange }: Props) {
  const t = useTranslations('actions.flatten');
  const { guest, picked = null } = at;
  const { strategy, snapshot, forget } = values;
  return (
    <>
      <StrategyChoice
        at={at}
        goal={goalToward(picked)}
        pinned={[]}
        strategy={strategy}
        onChange={(name) => onChange({ strategy: name, snapshot: null, overlay: null })}
      />
      <fieldset className="flex flex-col gap-2.5">
        <legend className="mb-1 text-2xs text-muted">{t('around')}</legend>
        {strategy === 'pull' && <SnapshotFirst at={at} plan={plan} values={values} onChange={onChange} />}
        {(snapshot !== null || guest.records.length > 0) && forgetsAfter(guest) && (
          <CheckField
            label={t('forgetAfter')}
            hint={t('forgetHint')}
            checked={forget}
            onChange={(wanted) => onChange({ forget: wanted })}
          />
        )}
      </fieldset>
    </>
  );
}

function SnapshotFirst({ at: { guest, host, disk }, plan, values: { snapshot, overlay }, onChange }: Props) {
  const t = useTranslations('actions.flatten');
  return (
    <>
      <CheckField
        label={t('snapshotFirst')}
        hint={t('snapshotHint')}
        checked={snapshot !== null}
        onChange={(wanted) =>
          onChange({ snapshot: wanted ? freeName('before-flatten', guest.records) : null, overlay: null })
        }
      />
      {snapshot !== null && (
        <div className="flex flex-col gap-2 pl-5">
          <SnapshotNameField name={snapshot} plan={plan} onChange={(name) => onChange({ snapshot: name })} />
          <OverlayField
            hostId={host.id}
            target={disk.target}
            typed={overlay}
            plan={plan}
            onChange={(path) => onChange({ overlay: path })}
          />
        </div>
      )}
    </>
  );
}
