import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { UNFINISHED } from '../../components/live/unfinished-operations.ts';
import { Dashboard } from '../../components/shell/dashboard.tsx';
import { keepTheme } from '../keep-theme.ts';
import { requireSession } from '../sign-in/require-session.ts';
import { viewer } from '../viewer.ts';

export const dynamic = 'force-dynamic';

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const { api } = await viewer();
  // First: the stream repeats what happens while the rest is read.
  const lastEventId = await api.events.newest();
  const [fleet, underWay] = await Promise.all([api.guests.list(), api.operations.list(UNFINISHED)]);
  return (
    <NextIntlClientProvider>
      <Dashboard initial={{ fleet, underWay, lastEventId }} name={session.name} keepTheme={keepTheme}>
        {children}
      </Dashboard>
    </NextIntlClientProvider>
  );
}
