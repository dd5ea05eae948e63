'use client';

import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { Operation } from '../../model/operation.ts';
import { Notice } from './notice.tsx';

const NotifyContext = createContext<(operation: Operation) => void>(() => {});

/** Tells the reader, wherever they are in the dashboard, that an operation ended. */
export function useNotify(): (operation: Operation) => void {
  return useContext(NotifyContext);
}

/**
 * Holds the notices and draws them over the page, beside the panel where things are started. The newest stands last;
 * more than a few push the oldest out.
 */
export function Notices({ children }: { children: ReactNode }) {
  const t = useTranslations('notices');
  const [notices, setNotices] = useState<readonly Operation[]>([]);
  const [held, setHeld] = useState(false);
  const notify = useCallback(
    (operation: Operation) => setNotices((before) => [...before.slice(-4), operation]),
    [],
  );
  const dismiss = useCallback(
    (id: string) => setNotices((before) => before.filter((operation) => operation.id !== id)),
    [],
  );
  return (
    <NotifyContext value={notify}>
      {children}
      <section
        aria-label={t('region')}
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
        className="pointer-events-none fixed right-3 bottom-14 z-30 flex w-96 max-w-[calc(100vw-24px)] flex-col gap-2 lg:right-[347px]"
      >
        {notices.map((operation) => (
          <Notice key={operation.id} operation={operation} held={held} onDismiss={dismiss} />
        ))}
      </section>
    </NotifyContext>
  );
}
