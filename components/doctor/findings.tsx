'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { type Finding, SEVERITIES } from '../../model/doctor/finding.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useProblemText } from '../problem/problem-text.ts';
import { CalmText } from '../ui/calm-text.tsx';
import { findingGroups } from './finding-groups.ts';
import { FindingRow } from './finding-row.tsx';
import type { useDiagnosis } from './use-diagnosis.ts';

type Diagnosis = NonNullable<ReturnType<typeof useDiagnosis>['data']>;

/** The findings, the worst first, or a sentence that says what was compared. */
export function Findings({
  findings,
  diagnosis: { guests, images, failed, notInspected, lostHosts },
  isOpen,
  onFix,
}: {
  findings: readonly Finding[];
  diagnosis: Diagnosis;
  isOpen: (finding: Finding) => boolean;
  onFix: (finding: Finding) => void;
}) {
  const t = useTranslations('doctor');
  const problemText = useProblemText();
  const locale = useLocale();
  const groups = useMemo(() => findingGroups(findings), [findings]);
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return (
    <section aria-label={t('list')} className="flex flex-col gap-2">
      {lostHosts.length > 0 && (
        <p className="border-l-2 border-warn py-0.5 pl-2.5">
          {t('lostHosts', { hosts: list.format(new Set(lostHosts)), count: new Set(lostHosts).size })}
        </p>
      )}
      {notInspected.map(({ hostName, problem }) => (
        <div key={hostName} className="border-l-2 border-warn py-0.5 pl-2.5">
          <p>{t('unchecked', { host: hostName })}</p>
          <p className="text-muted">{problemText(problem)}</p>
        </div>
      ))}
      {failed.map(({ guestName, problem }) => (
        <div key={guestName}>
          <p className="font-medium">{guestName}</p>
          <ProblemNote problem={problem} />
        </div>
      ))}
      {groups.length === 0 ? (
        guests > 0 && (
          <CalmText answers>
            {t(notInspected.length === 0 ? 'calm' : 'calmInPart', { guests, images })}
          </CalmText>
        )
      ) : (
        <>
          <p role="status" className="text-muted">
            {t('summary', {
              found: list.format(counts.map(({ severity, count }) => t(`counts.${severity}`, { count }))),
              guests,
              images,
            })}
          </p>
          <ul className="rounded-lg border border-line bg-panel">
            {groups.map((group) => (
              <FindingRow key={group.key} group={group} isOpen={isOpen} onFix={onFix} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
