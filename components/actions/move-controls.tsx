'use client';

import { useTranslations } from 'next-intl';
import type { FieldsProps } from '../plan/form-of.tsx';
import { RadioGroup } from '../ui/radio-group.tsx';
import type { ActionAt } from './action.ts';
import { DestinationField } from './destination-field.tsx';
import { MOVE_STRATEGIES, type MoveValues } from './move-form.ts';

/** Where a disk is to be, and how it gets there. */
export function MoveControls({ at, plan, values, onChange }: FieldsProps<MoveValues, ActionAt>) {
  const t = useTranslations('actions.move');
  const isAnswer = plan?.intent.kind === 'move' && plan.intent.file === values.file.trim();
  const wrong = plan?.refusals.find(({ code }) => code.startsWith('DESTINATION_')) ?? null;
  return (
    <div className="flex flex-col gap-4">
      <DestinationField
        hostId={at.host.id}
        label={t('file')}
        path={values.file}
        problem={isAnswer ? wrong : null}
        onChange={(file) => onChange({ file })}
      />
      <RadioGroup
        label={t('strategy')}
        value={values.strategy}
        options={MOVE_STRATEGIES.map((strategy) => ({
          value: strategy,
          label: t(`strategies.${strategy}`),
          hint: t(`hints.${strategy}`),
        }))}
        onChange={(strategy) => onChange({ strategy })}
      />
    </div>
  );
}
