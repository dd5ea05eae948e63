'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { reasonOf } from '../../model/reason.ts';
import { Button } from '../ui/button.tsx';
import { LineIcon } from '../ui/line-icon.tsx';
import { Link } from '../ui/link.tsx';
import { Popover } from '../ui/popover.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** Who is signed in, with the theme, their password and the button to sign out. */
export function Account({ name }: { name: string }) {
  const t = useTranslations('app');
  const [failure, setFailure] = useState<string | null>(null);

  async function signOut() {
    setFailure(null);
    try {
      const response = await fetch('/api/auth/sign-out', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      window.location.assign('/sign-in');
    } catch (error) {
      setFailure(reasonOf(error));
    }
  }

  return (
    <Popover
      label={t('account')}
      side="bottom"
      button={{ variant: 'quiet', 'aria-label': t('account'), className: '-mr-2 px-2', children: <Person /> }}
    >
      {(close) => (
        <>
          <p className="truncate">{t('signedInAs', { name })}</p>
          <div className="mt-2 flex items-center justify-between border-y border-line py-2">
            <span className="text-muted">{t('theme')}</span>
            <ThemeChoice />
          </div>
          <Link href="/account" onClick={close} className="mt-2 block rounded-md py-1">
            {t('credentials')}
          </Link>
          <Button className="mt-2 w-full" onClick={signOut}>
            {t('signOut')}
          </Button>
          {failure !== null && (
            <p role="alert" className="mt-2 text-bad">
              {t('signOutFailed', { reason: failure })}
            </p>
          )}
        </>
      )}
    </Popover>
  );
}

function Person() {
  return (
    <LineIcon size={15} stroke={1.3}>
      <circle cx="7.5" cy="4.8" r="2.8" />
      <path d="M1.8 13.6c.6-3 2.8-4.4 5.7-4.4s5.1 1.4 5.7 4.4" strokeLinecap="round" />
    </LineIcon>
  );
}
