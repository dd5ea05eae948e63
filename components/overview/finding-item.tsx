'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { imageName } from '../../model/fleet/image.ts';
import { doctorAddress } from '../doctor/doctor-query.ts';
import { SeveritySign } from '../doctor/severity-sign.tsx';
import { useFindingTexts } from '../doctor/use-finding-texts.ts';
import { guestAddress } from '../fleet/guest-figures.ts';
import { diskAddress } from '../guest/disk-address.ts';
import { ResumeGuest } from '../guest/resume-guest.tsx';
import { useStopTexts } from '../guest/use-stop-texts.ts';
import { useProblemText } from '../problem/problem-text.ts';
import type { Finding } from './findings.ts';
import { ForgetRecords } from './forget-records.tsx';

export function FindingItem({ finding }: { finding: Finding }) {
  const t = useTranslations('overview');
  const problemText = useProblemText();
  const stopTexts = useStopTexts();
  const words = useFindingTexts();
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
      const { title, text } = stopTexts(guest, ioError);
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
    case 'job': {
      const { guest, found } = finding;
      const { title, text } = words(found);
      return (
        <Item
          tone="warn"
          title={t('job', { guest: guest.name, target: found.target ?? '', title })}
          href={doctorAddress(guest.uuid)}
        >
          {text}
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

function Item({
  tone,
  title,
  href,
  action,
  children,
}: {
  tone: 'bad' | 'warn';
  title: string;
  href?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="flex items-start gap-3 border-line px-3 py-2 not-first:border-t">
      <SeveritySign severity={tone} />
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
