'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { postSignIn, type SignInProblem } from './post.ts';

interface Props {
  token: string;
  onDone: () => void;
  onProblem: (problem: SignInProblem) => void;
}

/**
 * Uses a one-time link, by itself. Only a page that runs does so: what merely fetches the address, as mail
 * scanners and previews do, leaves the link unused.
 */
export function LinkForm({ token, onDone, onProblem }: Props) {
  const t = useTranslations('signIn');
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const sent = useRef(false);

  useEffect(() => form.current?.requestSubmit(), []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (sent.current) return;
    sent.current = true;
    setBusy(true);
    const problem = await postSignIn('link', { token });
    if (problem === null) onDone();
    else onProblem(problem);
  }

  return (
    <form ref={form} onSubmit={submit}>
      <h1 className="text-lg font-semibold">{t('title')}</h1>
      <p className="mt-1 mb-5 text-muted" role="status">
        {busy ? t('linkBusy') : t('linkReady')}
      </p>
      <Button type="submit" variant="main" className="h-8 w-full" disabled={busy}>
        {t('submit')}
      </Button>
    </form>
  );
}
