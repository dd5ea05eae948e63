'use client';

import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import type { SnapshotStep } from '../../model/plans/snapshot-step.ts';
import { DestinationField } from './destination-field.tsx';

/** Where a snapshot puts the new active image of a disk: what the plan proposes, until somebody types another path. */
export function OverlayField({
  hostId,
  target,
  typed,
  plan,
  onChange,
}: {
  hostId: string;
  target: string;
  /** `null` for the place that the plan proposes. */
  typed: string | null;
  plan: Plan | null;
  onChange: (path: string) => void;
}) {
  const t = useTranslations('actions.snapshot');
  const step = plan?.steps.find((one): one is SnapshotStep => one.kind === 'snapshot');
  const planned = step?.disks.find((disk) => disk.target === target)?.file;
  const file = typed ?? planned ?? '';
  // One of another disk, or of what was typed before, is not about this field.
  const wrong = plan?.refusals.find(({ code, params }) =>
    code === 'OVERLAY_NOWHERE'
      ? typed === null && params.target === target
      : code.startsWith('DESTINATION_') &&
        planned === file.trim() &&
        (code === 'DESTINATION_EMPTY' ||
          params.path === planned ||
          (params.folder !== undefined && planned.startsWith(`${params.folder}/`))),
  );
  return (
    <DestinationField
      hostId={hostId}
      label={t('file', { target })}
      path={file}
      problem={wrong ?? null}
      onChange={onChange}
    />
  );
}
