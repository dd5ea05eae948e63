'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import type { StrategyName } from '../../model/kinds/strategy.ts';
import type { FlattenIntent } from '../../model/plans/flatten.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import type { ShortenIntent } from '../../model/plans/shorten/shorten.ts';
import { CheckField } from '../ui/check-field.tsx';
import { type FieldsProps, formOf } from './form-of.tsx';
import { freeName } from './free-name.ts';
import { OverlayField } from './overlay-field.tsx';
import { SnapshotNameField } from './snapshot-name-field.tsx';

// The plan beside it is there first.
const StrategyChoice = dynamic(() => import('./strategy-choice.tsx').then((module) => module.StrategyChoice));

type Flattening = FlattenIntent | ShortenIntent;

export default formOf<Flattening>(
  ({ disk, picked }) => ({
    kind: 'flatten',
    target: disk.target,
    base: picked ?? null,
    snapshotFirst: null,
    forgetAfter: true,
  }),
  FlattenFields,
);

/** How everything above the picked base becomes one image, and what may be done before and after it. */
function FlattenFields({ at, plan, intent, onChange }: FieldsProps<Flattening>) {
  const t = useTranslations('actions.flatten');
  const { guest, picked = null } = at;
  const wanted: Goal = picked === null ? { kind: 'at-most', images: 1 } : { kind: 'above', base: picked };
  const strategy = intent.kind === 'flatten' ? 'pull' : intent.strategy;
  const withSnapshot = intent.kind === 'flatten' && intent.snapshotFirst !== null;

  function take(name: StrategyName) {
    const { target, forgetAfter } = intent;
    if (name === 'pull')
      onChange({ kind: 'flatten', target, base: picked, snapshotFirst: null, forgetAfter });
    else onChange({ kind: 'shorten', target, goal: wanted, strategy: name, pinned: [], forgetAfter });
  }

  return (
    <>
      <StrategyChoice at={at} wanted={wanted} pinned={[]} strategy={strategy} onChange={take} />
      <fieldset className="flex flex-col gap-2.5">
        <legend className="mb-1 text-2xs text-muted">{t('around')}</legend>
        {intent.kind === 'flatten' && (
          <SnapshotFirst at={at} plan={plan} intent={intent} onChange={onChange} />
        )}
        {(withSnapshot || guest.records.length > 0) && (
          <CheckField
            label={t('forgetAfter')}
            hint={t('forgetHint')}
            checked={intent.forgetAfter}
            onChange={(forgetAfter) => onChange({ ...intent, forgetAfter })}
          />
        )}
      </fieldset>
    </>
  );
}

function SnapshotFirst({ at, plan, intent, onChange }: FieldsProps<FlattenIntent>) {
  const t = useTranslations('actions.flatten');
  const { guest, host } = at;
  const first = intent.snapshotFirst;
  const name = freeName('before-flatten', guest.records);
  return (
    <>
      <CheckField
        label={t('snapshotFirst')}
        hint={t('snapshotHint')}
        checked={first !== null}
        onChange={(wanted) => onChange({ ...intent, snapshotFirst: wanted ? { name, file: null } : null })}
      />
      {first !== null && (
        <div className="flex flex-col gap-2 pl-5">
          <SnapshotNameField
            name={first.name}
            plan={plan}
            onChange={(typed) => onChange({ ...intent, snapshotFirst: { ...first, name: typed } })}
          />
          <OverlayField
            hostId={host.id}
            target={intent.target}
            typed={first.file}
            plan={plan}
            onChange={(file) => onChange({ ...intent, snapshotFirst: { ...first, file } })}
          />
        </div>
      )}
    </>
  );
}
