'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Image, imageName } from '../../model/fleet/image.ts';
import type { FieldsProps } from '../plan/form-of.tsx';
import { shortened } from '../plan/shortened.ts';
import { CheckField } from '../ui/check-field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import type { ActionAt } from './action.ts';
import { forgetsAfter } from './forgets-after.ts';
import { type MergeValues, runOf } from './merge-form.ts';

/** Which run of images merges, and into which. */
export function MergeControls({ at, values, onChange }: FieldsProps<MergeValues, ActionAt>) {
  const t = useTranslations('actions.merge-down');
  const images = at.disk.chain?.images ?? [];
  const { top, base } = runOf(values, at);
  /** Whether the base went along with the top that was chosen last, since the two would not have been a run. */
  const [baseMoved, setBaseMoved] = useState(false);
  const position = (key: string) => images.findIndex((image) => image.key === key);
  const option = (image: Image) => ({
    value: image.key,
    label: shortened(imageName(image)) + (position(image.key) === 0 ? ` ${t('active')}` : ''),
  });

  function pickBase(image: string) {
    setBaseMoved(false);
    onChange({ image, top });
  }

  function pickTop(chosen: string) {
    const below = images[position(chosen) + 1]?.key ?? base;
    const fits = position(base) > position(chosen);
    setBaseMoved(!fits);
    onChange({ image: fits ? values.image : below, top: chosen });
  }

  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('top')}
        options={images.slice(0, -1).map(option)}
        value={top}
        note={values.top !== null && values.top !== top ? t('movedUp') : null}
        onChange={pickTop}
      />
      <SelectField
        label={t('base')}
        options={images.slice(1).map(option)}
        value={base}
        note={baseMoved ? t('movedDown') : null}
        onChange={pickBase}
      />
      {forgetsAfter(at.guest) && (
        <CheckField
          label={t('forgetAfter')}
          hint={t('forgetHint')}
          checked={values.forget}
          onChange={(forget) => onChange({ forget })}
        />
      )}
    </div>
  );
}
