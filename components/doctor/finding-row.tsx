'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Finding } from '../../model/doctor/finding.ts';
import { diskAddress } from '../guest/disk-address.ts';
import { Button } from '../ui/button.tsx';
import type { FindingGroup } from './finding-groups.ts';
import { SeveritySign } from './severity-sign.tsx';
import { useFindingTexts } from './use-finding-texts.ts';

interface RowProps {
  readonly onFix: (finding: Finding) => void;
  /** Whether its cure is open. */
  readonly isOpen: (finding: Finding) => boolean;
}

/** What is wrong, with whom, what it means, and what cures it. */
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
  const { title, text } = useFindingTexts()(finding);
  const { hostId, uuid, guestName, target, severity, fix } = finding;
  const href =
    target === null ? `/h/${encodeURIComponent(hostId)}/${uuid}` : diskAddress({ hostId, uuid, target });
  const name = target === null ? guestName : `${guestName} · ${target}`;
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap gap-x-2">
          <Link href={href} prefetch={false} className="text-muted hover:text-accent">
            {name}
          </Link>
          <p className="font-medium">
            {title}
            <span className="sr-only"> ({t(`severity.${severity}`)})</span>
          </p>
        </div>
        <p className="mt-0.5 max-w-[75ch] text-muted">{text}</p>
      </div>
      {fix?.kind === 'plan' && (
        <Button
          aria-pressed={isOpen(finding)}
          aria-label={t('fixOf', { fix: t(`fixes.${fix.intent.kind}`), name, title })}
          onClick={() => onFix(finding)}
          className="aria-pressed:border-accent"
        >
          {t(`fixes.${fix.intent.kind}`)}
        </Button>
      )}
      {fix?.kind === 'flatten' && (
        <Link
          href={href}
          prefetch={false}
          aria-label={t('fixOf', { fix: t('fixes.flatten'), name, title })}
          className="inline-flex min-h-7 items-center rounded-md border border-line bg-raised px-2.5 hover:bg-hover"
        >
          {t('fixes.flatten')}
        </Link>
      )}
    </div>
  );
}
