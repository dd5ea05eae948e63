import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { NextIntlClientProvider } from 'next-intl';
import { getMessages, getTranslations } from 'next-intl/server';
import { Logo } from '../../components/shell/logo.tsx';
import { localPath } from '../../server/auth/local-path.ts';
import { runtime } from '../../server/running.ts';
import { SignIn } from './sign-in.tsx';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('signIn');
  return { title: t('title'), robots: { index: false } };
}

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { token, next } = await searchParams;
  const target = localPath(single(next));
  const signedIn = (await (await runtime()).auth.session(await headers())) !== null;
  if (signedIn && single(token) === null) redirect(target);

  const t = await getTranslations('signIn');
  const app = await getTranslations('app');
  const { signIn } = await getMessages();
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4 text-text">
      <div className="w-full max-w-88">
        <div className="mb-5 flex items-center gap-2.5">
          <Logo />
          <span className="text-base font-semibold">{app('name')}</span>
          <span className="text-muted">{t('subtitle')}</span>
        </div>
        <div className="flex overflow-hidden rounded-lg border border-line bg-panel">
          <div aria-hidden className="flex w-2 shrink-0 flex-col *:flex-1">
            <i className="bg-stratum-3" />
            <i className="bg-stratum-2" />
            <i className="bg-stratum-1" />
            <i className="bg-stratum-0" />
          </div>
          <div className="min-w-0 flex-1 p-5">
            <NextIntlClientProvider messages={{ signIn }}>
              <SignIn token={single(token)} next={target} signedIn={signedIn} />
            </NextIntlClientProvider>
          </div>
        </div>
      </div>
    </main>
  );
}

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
