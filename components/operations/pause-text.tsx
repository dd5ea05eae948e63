'use client';

import { useTranslations } from 'next-intl';
import type { Progress } from '../../model/operation/operation.ts';
import type { SpacePause } from '../../model/operation/pause.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { waitingFor } from './waiting.ts';

/** What a paused operation waits for, in a short text. */
export function PauseText({ pause, progress }: { pause: SpacePause; progress: Progress | null }) {
  const t = useTranslations('operations');
  const { bytes } = useQuantity();
  const { why, free, missing } = waitingFor(pause, progress);
  return (
    <span className="min-w-0 wrap-anywhere text-warn md:whitespace-normal">
      {t('paused', { fileSystem: pause.fileSystem, free: bytes(free), missing: bytes(missing), why })}
    </span>
  );
}
