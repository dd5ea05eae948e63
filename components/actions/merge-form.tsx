'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import { type Image, imageName } from '../../model/fleet/image.ts';
import type { MergeDownIntent } from '../../model/plans/merge-down.ts';
import { shortened } from '../plan/shortened.ts';
import { CheckField } from '../ui/check-field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import type { ActionAt } from './action.ts';
import { type FieldsProps, formOf } from './form-of.tsx';

export default formOf<MergeDownIntent>(
  (at) => ({ kind: 'merge-down', target: at.disk.target, ...runAt(at), forgetAfter: true }),
  MergeFields,
);

/** The picked image takes the one above it; without one, the lowest does. */
function runAt({ disk, picked }: ActionAt): Pick<MergeDownIntent, 'top' | 'base'> {
  const keys = disk.chain?.images.map(({ key }) => key) ?? [];
  const at = picked == null ? -1 : keys.indexOf(picked);
  const base = at > 0 ? at : keys.length - 1;
  return { top: keys[base - 1] ?? '', base: keys[base] ?? '' };
}

function MergeFields({ at, intent, onChange }: FieldsProps<MergeDownIntent>) {
  const t = useTranslations('actions.merge');
  const images = at.disk.chain?.images ?? [];
  /** The end that went along with the other one, since the two would not have been a run. */
  const [moved, setMoved] = useState<'top' | 'base' | null>(null);
  const position = (key: string) => images.findIndex((image) => image.key === key);
  const option = (image: Image) => ({
    value: image.key,
    label: shortened(imageName(image)) + (position(image.key) === 0 ? ` ${t('active')}` : ''),
  });
  /** With a base that does not lie below the top, the top is what lies above it, and the other way round. */
  const pickBase = (base: string) => {
    const above = images[position(base) - 1]?.key ?? intent.top;
    const fits = position(intent.top) < position(base);
    setMoved(fits ? null : 'top');
    onChange({ ...intent, base, top: fits ? intent.top : above });
  };
  const pickTop = (top: string) => {
    const below = images[position(top) + 1]?.key ?? intent.base;
    const fits = position(intent.base) > position(top);
    setMoved(fits ? null : 'base');
    onChange({ ...intent, top, base: fits ? intent.base : below });
  };
  const picked = useEffectEvent((base: string) => pickBase(base));
  // What is picked in the graph while the form is open is the base as well.
  useEffect(() => {
    if (at.picked != null) picked(at.picked);
  }, [at.picked]);
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('top')}
        options={images.slice(0, -1).map(option)}
        value={intent.top}
        note={moved === 'top' ? t('movedUp') : null}
        onChange={pickTop}
      />
      <SelectField
        label={t('base')}
        options={images.slice(1).map(option)}
        value={intent.base}
        note={moved === 'base' ? t('movedDown') : null}
        onChange={pickBase}
      />
      <CheckField
        label={t('forgetAfter')}
        hint={t('forgetHint')}
        checked={intent.forgetAfter}
        onChange={(forgetAfter) => onChange({ ...intent, forgetAfter })}
      />
    </div>
  );
}
