'use client';

import { useTranslations } from 'next-intl';
import type { LeftoverReport } from '../../model/fleet/leftover.ts';
import { Time } from '../ui/time.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { FilePath } from './file-path.tsx';
import { KeepButton } from './keep-button.tsx';

/** Images that nothing refers to and that are kept on purpose, with who marked them. */
export function KeptList({
  hostId,
  kept,
  onChanged,
}: {
  hostId: string;
  kept: LeftoverReport['kept'];
  onChanged: () => void;
}) {
  const t = useTranslations('leftovers');
  const quantity = useQuantity();
  return (
    <section aria-labelledby="kept">
      <h2 id="kept" className="mb-1 font-semibold">
        {t('kept')}
      </h2>
      <ul className="border-y border-line">
        {kept.map(({ path, allocated, actor, at }) => (
          <li
            key={path}
            className="flex flex-wrap items-start gap-x-6 gap-y-1 border-line py-1.5 not-first:border-t"
          >
            <span className="min-w-0 flex-1">
              <FilePath path={path} />
            </span>
            <span className="text-muted">
              {allocated !== null && `${quantity.bytes(allocated)} · `}
              {t('keptBy', { actor })} <Time at={at} />
            </span>
            <KeepButton hostId={hostId} path={path} kept onChanged={onChanged} />
          </li>
        ))}
      </ul>
    </section>
  );
}
