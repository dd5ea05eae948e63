'use client';

import { useTranslations } from 'next-intl';
import type { Guest } from '../../model/fleet/guest.ts';
import { problemOf } from '../live/problem-of.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { diskKey, type useChecks } from './use-diagnosis.ts';

/** Has the images of a guest's disks checked, one disk at a time: all their tables are read. */
export function DiskChecks({ guest, checks }: { guest: Guest; checks: ReturnType<typeof useChecks> }) {
  const t = useTranslations('doctor');
  const { checked, check } = checks;
  const disks = guest.disks.filter(({ chain }) => chain?.images.some(({ format }) => format === 'qcow2'));
  if (disks.length === 0) return null;
  return (
    <section aria-labelledby="checks">
      <h2 id="checks" className="mb-1 font-semibold">
        {t('checks')}
      </h2>
      <p className="mb-2 max-w-[75ch] text-muted">{t('checksText')}</p>
      <ul className="flex flex-col gap-1.5">
        {disks.map(({ target }) => {
          const disk = { hostId: guest.hostId, uuid: guest.uuid, target };
          const found = checked.get(diskKey(disk));
          const busy = check.isPending && check.variables.target === target;
          return (
            <li key={target} className="flex flex-wrap items-center gap-3">
              <Button
                disabled={check.isPending}
                aria-label={t('checkOf', { target })}
                onClick={() => check.mutate(disk)}
              >
                {busy ? t('checking', { target }) : t('check', { target })}
              </Button>
              <span role="status" className="text-muted">
                {found && t('checked', { images: found.images, count: found.findings.length })}
              </span>
            </li>
          );
        })}
      </ul>
      {check.error && <ProblemNote role="alert" className="mt-2" problem={problemOf(check.error)} />}
    </section>
  );
}
