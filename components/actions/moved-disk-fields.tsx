'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import type { Disk } from '../../model/fleet/disk.ts';
import { imagePath } from '../../model/fleet/image.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { OverlayStep } from '../../model/plans/migrate/overlay-step.ts';
import { TextInput } from '../ui/text-input.tsx';
import { DestinationField } from './destination-field.tsx';

/** Where one disk of a guest that migrates gets its new image, and how the destination reaches the present one. */
export function MovedDiskFields({
  disk: { target, chain },
  to,
  file: chosen,
  from,
  plan,
  onFile,
  onFrom,
}: {
  disk: Disk;
  /** Id of the destination. */
  to: string;
  /** `null` for the path that the plan proposes. */
  file: string | null;
  /** Empty for the same path as here. */
  from: string;
  /** The plan for this destination; the field shows what it proposes until the user types. */
  plan: Plan | null;
  onFile: (path: string) => void;
  onFrom: (path: string) => void;
}) {
  const t = useTranslations('actions.migrate');
  const id = useId();
  const planned = plan?.steps.find(
    (step): step is OverlayStep => step.kind === 'overlay' && step.target === target,
  );
  const file = chosen ?? planned?.file ?? '';
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
        hostId={to}
        label={t('file', { target })}
        path={file}
        problem={wrong ?? null}
        onChange={onFile}
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
          value={from}
          onChange={onFrom}
          className="mt-1 h-8 w-full font-mono text-2xs"
        />
      </details>
    </div>
  );
}
