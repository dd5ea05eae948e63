'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { imageName } from '../../model/image.ts';
import { guestAddress } from '../fleet/guest-figures.ts';
import { diskAddress } from '../guest/disk-address.ts';
import { ResumeGuest } from '../guest/resume-guest.tsx';
import { useStopWords } from '../guest/use-stop-words.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { classNames } from '../ui/class-names.ts';
import type { Finding } from './findings.ts';
import { ForgetRecords } from './forget-records.tsx';

export function FindingItem({ finding }: { finding: Finding }) {
  const t = useTranslations('overview');
  const problemText = useProblemText();
  const stopWords = useStopWords();
  switch (finding.kind) {
    case 'host': {
      const { host } = finding;
      return (
        <Item tone="bad" title={t('hostLost', { host: host.name })}>
          {host.problem ? problemText(host.problem) : host.uri}
        </Item>
      );
    }
    case 'stopped': {
      const { guest, ioError } = finding;
      const { title, text } = stopWords(guest, ioError);
      return (
        <Item tone="bad" title={title} href={guestAddress(guest)} action={<ResumeGuest guest={guest} />}>
          {text}
        </Item>
      );
    }
    case 'missing': {
      const { guest, disk, image } = finding;
      const names = { guest: guest.name, target: disk.target, image: imageName(image) };
      return (
        <Item tone="bad" title={t('missing', names)} href={diskAddress({ ...guest, target: disk.target })}>
          {t('missingText')}
        </Item>
      );
    }
    case 'unreadable': {
      const { guest, disk, problem } = finding;
      return (
        <Item
          tone="bad"
          title={t('unreadable', { guest: guest.name, target: disk.target })}
          href={diskAddress({ ...guest, target: disk.target })}
        >
          {problemText(problem)}
        </Item>
      );
    }
    case 'deep': {
      const { guest, disk, depth } = finding;
      return (
        <Item
          tone="warn"
          title={t('deepChain', { guest: guest.name, target: disk.target, depth })}
          href={diskAddress({ ...guest, target: disk.target })}
        >
          {t('deepChainText')}
        </Item>
      );
    }
    case 'stale': {
      const { guest, records } = finding;
      const names = records.map(({ name }) => name);
      const count = records.length;
      return (
        <Item
          tone="warn"
          title={t('staleRecords', { guest: guest.name, count })}
          href={guestAddress(guest)}
          action={<ForgetRecords guest={guest} names={names} />}
        >
          {t('staleRecordsText', { names: names.join(', '), count })}
        </Item>
      );
    }
  }
}

const TONES = { bad: { sign: '✕', ink: 'text-bad' }, warn: { sign: '▲', ink: 'text-warn' } } as const;

function Item({
  tone,
  title,
  href,
  action,
  children,
}: {
  tone: keyof typeof TONES;
  title: string;
  href?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const { sign, ink } = TONES[tone];
  return (
    <li className="flex items-start gap-3 border-line px-3 py-2 not-first:border-t">
      <span aria-hidden className={classNames('w-3 shrink-0 text-center text-2xs', ink)}>
        {sign}
      </span>
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p className="font-medium">
          {href ? (
            <Link href={href} prefetch={false} className="hover:text-accent">
              {title}
            </Link>
          ) : (
            title
          )}
        </p>
        <p className="text-muted">{children}</p>
      </div>
      {action}
    </li>
  );
}
