'use client';

import { useTranslations } from 'next-intl';
import { imageName } from '../../model/fleet/image.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { shortened } from '../plan/shortened.ts';
import { CheckField } from '../ui/check-field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import type { ActionAt } from './action.ts';
import { forgetsAfter } from './forgets-after.ts';
import { GOALS, goalOf, type ShortenValues } from './shorten-form.ts';
import { StrategyChoice } from './strategy-choice.tsx';

const GOAL_TEXTS = { 'at-most': 'atMost', above: 'above', only: 'only' } as const;

/** What should be left of a chain, what must stay as it is, and the strategies that lead there. */
export function ShortenControls({ at, values, onChange }: FieldsProps<ShortenValues, ActionAt>) {
  const t = useTranslations('actions');
  const images = at.disk.chain?.images ?? [];
  const { keep, strategy } = values;
  const goal = goalOf(values, at);
  const options = images.map((image) => ({ value: image.key, label: shortened(imageName(image)) }));
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('shorten.goal')}
        options={GOALS.map((kind) => ({ value: kind, label: t(`shorten.${GOAL_TEXTS[kind]}`) }))}
        value={goal.kind}
        onChange={(chosen) => onChange({ goal: GOALS.find((kind) => kind === chosen) ?? 'at-most' })}
      />
      {goal.kind === 'at-most' ? (
        <SelectField
          label={t('shorten.images')}
          options={images.slice(1).map((_, i) => ({ value: String(i + 1), label: String(i + 1) }))}
          value={String(goal.images)}
          onChange={(count) => onChange({ images: Number(count) })}
        />
      ) : (
        <SelectField
          label={t('shorten.image')}
          options={goal.kind === 'above' ? options.slice(1) : options}
          value={goal.kind === 'above' ? goal.base : goal.image}
          onChange={(image) => onChange({ image })}
        />
      )}
      <details>
        <summary className="text-2xs text-muted">{t('shorten.pinned', { count: keep.length })}</summary>
        <div className="mt-2 flex max-h-48 flex-col gap-1.5 overflow-y-auto">
          {images.map(({ key }, i) => (
            <CheckField
              key={key}
              label={options[i]?.label ?? key}
              checked={keep.includes(key)}
              onChange={(kept) =>
                onChange({ keep: kept ? [...keep, key] : keep.filter((one) => one !== key) })
              }
            />
          ))}
        </div>
      </details>
      <StrategyChoice
        at={at}
        goal={goal}
        pinned={keep}
        strategy={strategy}
        onChange={(name) => onChange({ strategy: name })}
      />
      {forgetsAfter(at.guest) && (
        <CheckField
          label={t('flatten.forgetAfter')}
          hint={t('flatten.forgetHint')}
          checked={values.forget}
          onChange={(forget) => onChange({ forget })}
        />
      )}
    </div>
  );
}
