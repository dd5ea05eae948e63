'use client';

import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { Notice } from './notice.tsx';

interface Told {
  readonly notices: readonly Operation[];
  readonly dismiss: (id: string) => void;
}

const NotifyContext = createContext<(operation: Operation) => void>(() => {});
const ToldContext = createContext<Told>({ notices: [], dismiss: () => {} });

/** Tells the reader, wherever they are in the dashboard, that an operation ended, waits for room, or goes on. */
export function useNotify(): (operation: Operation) => void {
  return useContext(NotifyContext);
}

/** An operation has one notice: that it ended, or that it waits for room, as long as it does. */
export function noticesAfter(before: readonly Operation[], operation: Operation): readonly Operation[] {
  const others = before.filter(({ id }) => id !== operation.id);
  return isOver(operation) || operation.paused ? [...others.slice(-4), operation] : others;
}

/** Holds the notices. More than a few push the oldest out. */
export function Notices({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Operation[]>([]);
  const notify = useCallback(
    (operation: Operation) => setNotices((before) => noticesAfter(before, operation)),
    [],
  );
  const dismiss = useCallback(
    (id: string) => setNotices((before) => before.filter((operation) => operation.id !== id)),
    [],
  );
  const told = useMemo(() => ({ notices, dismiss }), [notices, dismiss]);
  return (
    <NotifyContext value={notify}>
      <ToldContext value={told}>{children}</ToldContext>
    </NotifyContext>
  );
}

/** Draws the notices over the page, beside the panel where things are started. The newest stands last. */
export function NoticeRegion() {
  const t = useTranslations('notices');
  const { notices, dismiss } = useContext(ToldContext);
  const [held, setHeld] = useState(false);
  return (
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
  );
}
