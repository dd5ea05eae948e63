'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Host } from '../../model/fleet/host.ts';
import type { Leftover, LeftoverReport as Report } from '../../model/fleet/leftover.ts';
import type { Problem } from '../../model/problem.ts';
import { doctorAddress } from '../address/doctor.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { CalmText } from '../ui/calm-text.tsx';
import { Link } from '../ui/link.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { Deletion } from './deletion.tsx';
import { KeptList } from './kept-list.tsx';
import { LeftoverTable } from './leftover-table.tsx';
import { sizeOf, stillOffered, toggled } from './selection.ts';

/** Leads to the doctor for the guest that is in the way; nothing where it is no guest. */
function ToDoctor({ problem: { params } }: { problem: Problem }) {
  const t = useTranslations('leftovers');
  const { uuid, guest } = params;
  if (typeof uuid !== 'string' || typeof guest !== 'string') return null;
  return (
    <Link href={doctorAddress({ uuid })} className="ml-3">
      {t('examine', { guest })}
    </Link>
  );
}

/** What was found on a host, what is in the way, and what can be done about it. */
export function LeftoverReport({
  host,
  report,
  stale,
  onChanged,
}: {
  host: Host;
  report: Report;
  /** A newer report is on its way. */
  stale: boolean;
  onChanged: () => void;
}) {
  const t = useTranslations('leftovers');
  const quantity = useQuantity();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // The files that the question names: what is found meanwhile is not deleted by its answer.
  const [asked, setAsked] = useState<readonly Leftover[] | null>(null);
  const { leftovers, blocked, inUse, kept, checked, onlyPools } = report;
  const chosen = stillOffered(selected, leftovers);
  const size = sizeOf(chosen);
  const all = sizeOf(leftovers);
  return (
    <>
      <section aria-label={t('title')} aria-busy={stale} className="flex flex-col gap-3">
        {blocked.length > 0 && (
          <div className="flex flex-col gap-2">
            <p role="status" className="font-medium">
              {t('blocked', { count: blocked.length })}
            </p>
            <ul className="flex flex-col gap-2">
              {blocked.map((problem) => (
                <li key={JSON.stringify(problem)}>
                  <ProblemNote problem={problem} tone="warn" className="max-w-[90ch]" />
                  <ToDoctor problem={problem} />
                </li>
              ))}
            </ul>
          </div>
        )}
        {blocked.length === 0 && leftovers.length === 0 && (
          <CalmText answers>{t('calm', { host: host.name })}</CalmText>
        )}
        {leftovers.length > 0 && (
          <>
            <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
              <p role="status" className="text-muted">
                {t('summary', {
                  count: leftovers.length,
                  size: all === null ? t('unknownSize') : quantity.bytes(all),
                })}
              </p>
              <Button
                variant="danger"
                disabled={chosen.length === 0 || stale}
                onClick={() => setAsked(chosen)}
              >
                {chosen.length === 0
                  ? t('deleteNone')
                  : t('delete', {
                      count: chosen.length,
                      size: size === null ? t('unknownSize') : quantity.bytes(size),
                    })}
              </Button>
            </div>
            <LeftoverTable
              hostId={host.id}
              leftovers={leftovers}
              selected={selected}
              onToggle={(leftover) => setSelected(toggled(selected, leftover, leftovers))}
              onChanged={onChanged}
            />
          </>
        )}
      </section>
      {inUse.length > 0 && (
        <section aria-labelledby="in-use">
          <h2 id="in-use" className="mb-1 font-semibold">
            {t('inUse')}
          </h2>
          <div className="flex flex-col gap-1.5">
            {inUse.map(({ path, why }) => (
              <ProblemNote key={path} problem={why} tone="warn" />
            ))}
          </div>
        </section>
      )}
      {kept.length > 0 && <KeptList hostId={host.id} kept={kept} onChanged={onChanged} />}
      <p className="max-w-[75ch] text-2xs text-muted">
        {t('checked', { ...checked })}{' '}
        {onlyPools ? t('onlyPools') : t('byFiles', { folders: checked.folders })}
      </p>
      {asked !== null && (
        <Deletion host={host} files={asked} onClose={() => setAsked(null)} onChanged={onChanged} />
      )}
    </>
  );
}
