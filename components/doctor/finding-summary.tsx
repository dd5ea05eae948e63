'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Finding } from '../../model/doctor/finding.ts';
import { guestAddress } from '../address/guest.ts';
import { Link } from '../ui/link.tsx';
import { findingSubject } from './finding-subject.ts';
import { useFindingTexts } from './use-finding-texts.ts';

/** Which guest or disk has the finding, what is wrong, what it means, and beside that what fixes it. */
export function FindingSummary({ finding, children }: { finding: Finding; children?: ReactNode }) {
  const t = useTranslations('doctor');
  const { title, text } = useFindingTexts()(finding);
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap gap-x-2">
          <Link href={guestAddress(finding, finding.target)} variant="name" className="text-muted">
            {findingSubject(finding)}
          </Link>
          <p className="font-medium">
            {title}
            <span className="sr-only"> ({t(`severity.${finding.severity}`)})</span>
          </p>
        </div>
        <p className="mt-0.5 max-w-[75ch] text-muted">{text}</p>
      </div>
      {children}
    </div>
  );
}
