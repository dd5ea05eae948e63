'use client';

import { useSearchParams } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { findingKey } from '../../model/doctor/finding.ts';
import { type DoctorQuery, doctorAddress, doctorFrom } from '../address/doctor.ts';
import { correctTo, goTo } from '../address/go.ts';
import { inOrder } from '../fleet/guest-order.ts';
import { problemOf } from '../live/problem-of.ts';
import { useFleet } from '../live/use-fleet.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { DiskChecks } from './disk-checks.tsx';
import { Findings } from './findings.tsx';
import { FixPanel } from './fix-panel.tsx';
import { useChecks, useDiagnosis } from './use-diagnosis.ts';

/** What is wrong with the chains of all guests, or of one, and what fixes it. */
export function DoctorPage() {
  const t = useTranslations('doctor');
  const query = doctorFrom(useSearchParams());
  const { guests } = useFleet();
  const locale = useLocale();
  const diagnosis = useDiagnosis(query.uuid);
  const checks = useChecks();
  const { checked } = checks;
  const all = useMemo(() => {
    const byCheck = [...checked.values()].flatMap(({ findings }) => findings);
    return [
      ...(diagnosis.data?.findings ?? []),
      ...byCheck.filter(({ uuid }) => query.uuid === null || query.uuid === uuid),
    ];
  }, [diagnosis.data, checked, query.uuid]);
  const guest = guests.find(({ uuid }) => uuid === query.uuid);
  const open = all.find((finding) => findingKey(finding) === query.fix);

  const address = (next: Partial<DoctorQuery>) => doctorAddress({ ...query, ...next });

  return (
    <div className="grid min-h-full lg:h-full lg:grid-cols-[minmax(0,1fr)_auto]">
      <div className="flex min-w-0 flex-col gap-5 p-5 lg:overflow-y-auto">
        <PageHead title={t('title')} intro={t('intro')}>
          <SelectField
            label={t('guest')}
            value={query.uuid ?? ''}
            options={[
              { value: '', label: t('allGuests') },
              ...inOrder(guests, 'name', locale).map(({ uuid, name }) => ({ value: uuid, label: name })),
            ]}
            onChange={(uuid) => correctTo(address({ uuid: uuid === '' ? null : uuid, fix: null }))}
          />
          <Button
            className="min-h-8"
            disabled={diagnosis.isFetching}
            onClick={() => void diagnosis.refetch()}
          >
            {t(diagnosis.isFetching ? 'examining' : 'again')}
          </Button>
        </PageHead>
        {diagnosis.error && <ProblemNote role="alert" problem={problemOf(diagnosis.error)} />}
        {diagnosis.data ? (
          <Findings
            findings={all}
            diagnosis={diagnosis.data}
            isOpen={(finding) => finding === open}
            onFix={(finding) => goTo(address({ fix: finding === open ? null : findingKey(finding) }))}
          />
        ) : (
          diagnosis.isPending && (
            <p role="status" className="text-muted">
              {t('examining')}
            </p>
          )
        )}
        {guest && <DiskChecks key={guest.uuid} guest={guest} checks={checks} />}
      </div>
      {open?.fix?.kind === 'plan' && (
        <aside
          aria-label={t('panel')}
          className="min-w-0 border-line bg-panel max-lg:order-first max-lg:border-b lg:w-[335px] lg:overflow-y-auto lg:border-l"
        >
          <FixPanel
            key={findingKey(open)}
            finding={open}
            fix={open.fix.intent}
            onStarted={() => correctTo(address({ fix: null }))}
            onClose={() => goTo(address({ fix: null }))}
          />
        </aside>
      )}
    </div>
  );
}
