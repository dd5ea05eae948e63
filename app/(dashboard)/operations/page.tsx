import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { HistoryPage } from '../../../components/operations/history-page.tsx';
import { HISTORY } from '../../../components/operations/history-query.ts';
import { requireSession } from '../../sign-in/require-session.ts';
import { viewer } from '../../viewer.ts';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('operations'))('title') };
}

export default async function Page() {
  await requireSession();
  const { api } = await viewer();
  return <HistoryPage initial={await api.operations.list(HISTORY)} />;
}
