'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useRef, useState } from 'react';
import { CredentialField } from '../../components/account/credential-field.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Code } from './code.tsx';
import { postSignIn, type SignInProblem } from './post.ts';
import { ProblemText } from './problem-text.tsx';

interface Props {
  /** What went wrong before, with a link. */
  first: SignInProblem | null;
  onDone: () => void;
}

export function PasswordForm({ first, onDone }: Props) {
  const t = useTranslations('signIn');
  const [problem, setProblem] = useState(first);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const problemId = useId();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setBusy(true);
    const found = await postSignIn('username', {
      username: String(given.get('username')),
      password: String(given.get('password')),
    });
    if (found === null) return onDone();
    setProblem(found);
    setBusy(false);
    password.current?.focus();
    password.current?.select();
  }

  const wrong = problem === null ? undefined : problemId;
  return (
    // By POST, so that the browser itself never writes a password into an address, before this script runs.
    <form method="post" onSubmit={submit}>
      <h1 className="text-lg font-semibold">{t('title')}</h1>
      {problem !== null && <ProblemText id={problemId} problem={problem} />}
      <div className="mt-4 grid gap-3">
        <CredentialField label={t('username')} name="username" autoComplete="username" problemId={wrong} />
        <CredentialField
          label={t('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          ref={password}
          problemId={wrong}
        />
        <Button type="submit" variant="main" className="mt-1 h-8 w-full" disabled={busy}>
          {busy ? t('busy') : t('submit')}
        </Button>
      </div>
      {problem?.code.startsWith('LINK') || (
        <p className="mt-4 border-t border-line pt-3 text-xs text-muted">{t.rich('hint', { code: Code })}</p>
      )}
    </form>
  );
}
