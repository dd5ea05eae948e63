'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CredentialField } from './credential-field.tsx';
import { type CredentialsProblem, postCredentials } from './post-credentials.ts';

type Outcome = 'saved' | CredentialsProblem | null;

/** Sets one's own name and password. */
export function CredentialsForm({ username, asksPassword }: { username: string; asksPassword: boolean }) {
  const t = useTranslations('account');
  const router = useRouter();
  const [outcome, setOutcome] = useState<Outcome>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const problem = outcome === 'saved' ? null : outcome;
  const asks = asksPassword || problem?.code === 'PASSWORD_WRONG';

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const current = given.get('currentPassword');
    setBusy(true);
    setOutcome(null);
    const found = await postCredentials({
      username: String(given.get('username')),
      newPassword: String(given.get('newPassword')),
      ...(current === null ? {} : { currentPassword: String(current) }),
    });
    setBusy(false);
    setOutcome(found ?? 'saved');
    if (found !== null) return;
    form.reset();
    // The name is in the frame of every page.
    router.refresh();
  }

  const problemId = problem === null ? undefined : `${id}-problem`;
  return (
    // By POST, so that the browser itself never writes a password into an address, before this script runs.
    <form method="post" onSubmit={submit} className="max-w-88 p-5">
      <h1 className="text-lg font-semibold">{t('title')}</h1>
      <p className="mt-1 text-muted">{t('text')}</p>
      <div className="mt-5 grid gap-4">
        <CredentialField
          key={username}
          label={t('username')}
          hint={t('usernameHint')}
          name="username"
          autoComplete="username"
          defaultValue={username}
          problemId={problemId}
        />
        {asks && (
          <CredentialField
            label={t('currentPassword')}
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            problemId={problemId}
          />
        )}
        <CredentialField
          label={t('newPassword')}
          hint={t('newPasswordHint')}
          name="newPassword"
          type="password"
          autoComplete="new-password"
          problemId={problemId}
        />
        {problem !== null && (
          <p id={problemId} role="alert" className="border-l-2 border-bad py-0.5 pl-2.5">
            {t(`problems.${problem.code}`, { seconds: problem.seconds })}
          </p>
        )}
        {outcome === 'saved' && (
          <p role="status" className="border-l-2 border-ok py-0.5 pl-2.5">
            {t('saved')}
          </p>
        )}
        <Button type="submit" variant="main" className="h-8" disabled={busy}>
          {busy ? t('saving') : t('save')}
        </Button>
      </div>
    </form>
  );
}
