'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './icon-button.tsx';

/**
 * A panel that was opened and can be closed, by Escape too. The focus moves to its title, so that on narrow screens it
 * also comes into view.
 */
export function Panel({
  title,
  subtitle,
  onClose,
  children,
}: {
  title: string;
  subtitle?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) {
  const ui = useTranslations('ui');
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  }

  return (
    <section aria-labelledby={id} onKeyDown={onKeyDown} className="flex flex-col gap-4 p-4">
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0 wrap-anywhere">
          <h2 ref={heading} id={id} tabIndex={-1} className="text-lg font-semibold outline-none">
            {title}
          </h2>
          {subtitle !== undefined && <p className="mt-0.5 text-muted">{subtitle}</p>}
        </div>
        <IconButton label={ui('close')} onClick={onClose} className="-m-1">
          ×
        </IconButton>
      </header>
      {children}
    </section>
  );
}
