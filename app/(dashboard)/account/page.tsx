import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { getTranslations } from 'next-intl/server';
import { CredentialsForm } from '../../../components/account/credentials-form.tsx';
import { runtime } from '../../../server/running.ts';
import { requireSession } from '../../sign-in/require-session.ts';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('account'))('title') };
}

export default async function Page() {
  const { name } = await requireSession();
  const account = await (await runtime()).auth.account(await headers());
  return (
    <CredentialsForm username={account?.username ?? name} asksPassword={account?.asksPassword ?? true} />
  );
}
