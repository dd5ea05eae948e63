'use client';

import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { correctTo } from '../address/go.ts';
import { leftoversAddress, leftoversHostFrom } from '../address/leftovers.ts';
import { problemOf } from '../live/problem-of.ts';
import { useFleet } from '../live/use-fleet.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { LeftoverReport } from './leftover-report.tsx';
import { useLeftovers } from './use-leftovers.ts';

/** The image files of a host that nothing refers to. */
export function LeftoversPage() {
  const t = useTranslations('leftovers');
  const wanted = leftoversHostFrom(useSearchParams());
  const { hosts } = useFleet();
  const host = hosts.find(({ id }) => id === wanted) ?? hosts[0] ?? null;
  const report = useLeftovers(host?.id ?? null);

  return (
    <div className="flex min-h-full flex-col gap-5 p-5">
      <PageHead title={t('title')} intro={t('intro')}>
        <SelectField
          label={t('host')}
          value={host?.id ?? ''}
          options={hosts.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(hostId) => correctTo(leftoversAddress(hostId))}
        />
        <Button className="min-h-8" disabled={report.isFetching} onClick={() => void report.refetch()}>
          {t(report.isFetching ? 'checking' : 'again')}
        </Button>
      </PageHead>
      {report.error && <ProblemNote role="alert" problem={problemOf(report.error)} />}
      {report.data && host !== null ? (
        <LeftoverReport
          key={host.id}
          host={host}
          report={report.data}
          stale={report.isPlaceholderData || report.isFetching}
          onChanged={() => void report.refetch()}
        />
      ) : (
        report.isPending && (
          <p role="status" className="text-muted">
            {t('checking')}
          </p>
        )
      )}
    </div>
  );
}
