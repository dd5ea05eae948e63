'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Command } from '../../model/plans/command.ts';

/** Commands as a shell takes them, with notes as comments. */
export function useCommandText(): (command: Command) => string {
  const t = useTranslations('commandNotes');
  return useCallback(
    (command) =>
      command.map((line) => (typeof line === 'string' ? line : `# ${t(line.note, line.params)}`)).join('\n'),
    [t],
  );
}
