'use client';

import { useTranslations } from 'next-intl';
import type { Command } from '../../model/plans/command.ts';
import { Copy } from '../ui/copy.tsx';
import { useCommandText } from './use-command-text.ts';

/** The equivalent commands, to read, to learn from, or to paste. */
export function Commands({ commands }: { commands: readonly Command[] }) {
  const t = useTranslations('plan');
  const ui = useTranslations('ui');
  const text = commands.map(useCommandText()).join('\n');
  return (
    <section aria-label={t('byHand')}>
      <div className="mb-1 flex items-baseline justify-between text-2xs text-muted">
        <h3>{t('byHand')}</h3>
        <Copy text={text} label={ui('copy')} done={ui('copied')} failed={ui('copyFailed')} />
      </div>
      <pre className="rounded-lg border border-line bg-ground px-2.5 py-2 font-mono text-2xs/[18px] whitespace-pre-wrap wrap-anywhere">
        {text}
      </pre>
    </section>
  );
}
