'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import type { Disk } from '../../model/fleet/disk.ts';
import { imagePath } from '../../model/fleet/image.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { MigrateIntent, MovedTo } from '../../model/plans/migrate/migrate-intent.ts';
import type { OverlayStep } from '../../model/plans/migrate/overlay-step.ts';
import { TextInput } from '../ui/text-input.tsx';
import { DestinationField } from './destination-field.tsx';

/** Where one disk of a guest that migrates gets its new image, and how the destination reaches the present one. */
export function MovedDiskFields({
  disk: { target, chain },
  intent,
  plan,
  onChange,
}: {
  disk: Disk;
  intent: MigrateIntent;
  /** Of this destination; what it proposes stands in the field until somebody types. */
  plan: Plan | null;
  onChange: (change: Partial<MovedTo>) => void;
}) {
  const t = useTranslations('actions.migrate');
  const id = useId();
  const typed = intent.disks.find((disk) => disk.target === target);
  const planned = plan?.steps.find(
    (step): step is OverlayStep => step.kind === 'overlay' && step.target === target,
  );
  const file = typed?.file ?? planned?.file ?? '';
  const active = chain?.images[0];
  const here = active ? imagePath(active) : null;
  // One of another disk, or of what was typed before, is not about this field.
  const wrong = plan?.refusals.find(
    ({ code, params }) =>
      code.startsWith('DESTINATION_') &&
      planned?.file === file.trim() &&
      (params.path === planned.file ||
        (params.folder !== undefined && planned.file.startsWith(`${params.folder}/`))),
  );
  return (
    <div className="flex flex-col gap-1.5">
      <DestinationField
        hostId={intent.to}
        label={t('file', { target })}
        path={file}
        problem={wrong ?? null}
        onChange={(path) => onChange({ file: path })}
      />
      <details>
        <summary className="cursor-pointer text-2xs text-muted">{t('otherPath')}</summary>
        <label htmlFor={id} className="mt-1 block text-2xs text-muted">
          {t('from', { image: here ?? '' })}
        </label>
        <TextInput
          id={id}
          spellCheck={false}
          placeholder={here ?? ''}
          value={typed?.from ?? ''}
          onChange={(text) => onChange({ from: text === '' ? null : text })}
          className="mt-1 h-8 w-full font-mono text-2xs"
        />
      </details>
    </div>
  );
}
