'use client';

import { useTranslations } from 'next-intl';
import type { Finding, ProposedIntent } from '../../model/doctor/finding.ts';
import { Link } from '../ui/link.tsx';
import { findingSubject } from './finding-subject.ts';
import { useFindingTexts } from './use-finding-texts.ts';

/** To the page where a finding's fix is planned. */
export function FixLink({
  finding,
  fix,
  href,
}: {
  finding: Finding;
  fix: ProposedIntent['kind'] | 'flatten';
  href: string;
}) {
  const t = useTranslations('doctor');
  const { title } = useFindingTexts()(finding);
  const text = t(`fixes.${fix}`);
  return (
    <Link
      variant="button"
      href={href}
      aria-label={t('fixOf', { fix: text, name: findingSubject(finding), title })}
    >
      {text}
    </Link>
  );
}
