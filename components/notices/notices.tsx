'use client';

import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { Notice } from './notice.tsx';

interface Shown {
  readonly notices: readonly Operation[];
  readonly dismiss: (id: string) => void;
}

const NotifyContext = createContext<(operation: Operation) => void>(() => {});
const ShownContext = createContext<Shown>({ notices: [], dismiss: () => {} });

/** Notifies the reader on every page that an operation ended, is paused for space, or was resumed. */
export function useNotify(): (operation: Operation) => void {
  return useContext(NotifyContext);
}

/** An operation has one notice: that it ended or, for as long as it is, that it is paused for space. */
export function noticesAfter(before: readonly Operation[], operation: Operation): readonly Operation[] {
  const others = before.filter(({ id }) => id !== operation.id);
  return isOver(operation) || operation.paused ? [...others.slice(-4), operation] : others;
}

/** Keeps the notices. More than a few push the oldest out. */
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
  const shown = useMemo(() => ({ notices, dismiss }), [notices, dismiss]);
  return (
    <NotifyContext value={notify}>
      <ShownContext value={shown}>{children}</ShownContext>
    </NotifyContext>
  );
}

/** Draws the notices over the page, beside the panel where operations are started. The newest is last. */
export function NoticeRegion() {
  const t = useTranslations('notices');
  const { notices, dismiss } = useContext(ShownContext);
  const [pinned, setPinned] = useState(false);
  return (
    <section
      aria-label={t('region')}
      onPointerEnter={() => setPinned(true)}
      onPointerLeave={() => setPinned(false)}
      onFocus={() => setPinned(true)}
      onBlur={() => setPinned(false)}
      className="pointer-events-none fixed right-3 bottom-14 z-30 flex w-96 max-w-[calc(100vw-24px)] flex-col gap-2 lg:right-[347px]"
    >
      {notices.map((operation) => (
        <Notice key={operation.id} operation={operation} pinned={pinned} onDismiss={dismiss} />
      ))}
    </section>
  );
}
