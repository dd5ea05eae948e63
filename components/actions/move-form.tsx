'use client';

import { useTranslations } from 'next-intl';
import { folderOf } from '../../model/fleet/destination.ts';
import { imagePath } from '../../model/fleet/image.ts';
import type { MoveIntent } from '../../model/plans/move.ts';
import { RadioGroup } from '../ui/radio-group.tsx';
import type { ActionAt } from './action.ts';
import { DestinationField } from './destination-field.tsx';
import { type FieldsProps, formOf } from './form-of.tsx';

export default formOf<MoveIntent>(
  (at) => ({ kind: 'move', target: at.disk.target, file: proposed(at), strategy: 'copy' }),
  MoveFields,
);

const STRATEGIES = ['copy', 'pull'] as const;

/** Beside the active image under another name: a path to change, or to give another folder. */
function proposed({ disk }: ActionAt): string {
  const active = disk.chain?.images[0];
  const path = active === undefined ? null : imagePath(active);
  if (path === null || active?.source.kind === 'block') return '';
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(qcow2|raw|img)$/i, '');
  return `${folderOf(path)}/${name}-moved.qcow2`.replace('//', '/');
}

function MoveFields({ at, plan, intent, onChange }: FieldsProps<MoveIntent>) {
  const t = useTranslations('actions.move');
  const isAnswer = plan?.intent.kind === 'move' && plan.intent.file === intent.file.trim();
  const wrong = plan?.refusals.find(({ code }) => code.startsWith('DESTINATION_')) ?? null;
  return (
    <div className="flex flex-col gap-4">
      <DestinationField
        hostId={at.host.id}
        label={t('file')}
        path={intent.file}
        problem={isAnswer ? wrong : null}
        onChange={(file) => onChange({ ...intent, file })}
      />
      <RadioGroup
        label={t('strategy')}
        value={intent.strategy}
        options={STRATEGIES.map((strategy) => ({
          value: strategy,
          label: t(`strategies.${strategy}`),
          hint: t(`hints.${strategy}`),
        }))}
        onChange={(strategy) => onChange({ ...intent, strategy })}
      />
    </div>
  );
}
