'use client';

import { useTranslations } from 'next-intl';
import type { Finding } from '../../model/doctor/finding.ts';
import { guestAddress } from '../address/guest.ts';
import { Button } from '../ui/button.tsx';
import type { FindingGroup } from './finding-groups.ts';
import { findingSubject } from './finding-subject.ts';
import { FindingSummary } from './finding-summary.tsx';
import { FixLink } from './fix-link.tsx';
import { SeveritySign } from './severity-sign.tsx';
import { useFindingTexts } from './use-finding-texts.ts';

interface RowProps {
  readonly onFix: (finding: Finding) => void;
  /** Whether the panel of its fix is open. */
  readonly isOpen: (finding: Finding) => boolean;
}

/** What is wrong, with whom, what it means, and what fixes it. */
export function FindingRow({ group: { first, others }, ...row }: { group: FindingGroup } & RowProps) {
  const t = useTranslations('doctor');
  return (
    <li className="flex items-start gap-3 border-line px-3 py-2.5 not-first:border-t">
      <SeveritySign severity={first.severity} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <One finding={first} {...row} />
        {others.length > 0 && (
          <details className="mt-1">
            <summary className="text-2xs text-muted">{t('alike', { count: others.length })}</summary>
            <ul className="mt-1 flex flex-col gap-2">
              {others.map((other) => (
                <li key={other.image}>
                  <One finding={other} {...row} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}

function One({ finding, onFix, isOpen }: { finding: Finding } & RowProps) {
  const t = useTranslations('doctor');
  const { title } = useFindingTexts()(finding);
  const { fix } = finding;
  return (
    <FindingSummary finding={finding}>
      {fix?.kind === 'plan' && (
        <Button
          aria-pressed={isOpen(finding)}
          aria-label={t('fixOf', {
            fix: t(`fixes.${fix.intent.kind}`),
            name: findingSubject(finding),
            title,
          })}
          onClick={() => onFix(finding)}
        >
          {t(`fixes.${fix.intent.kind}`)}
        </Button>
      )}
      {fix?.kind === 'flatten' && (
        <FixLink finding={finding} fix="flatten" href={guestAddress(finding, finding.target)} />
      )}
    </FindingSummary>
  );
}
