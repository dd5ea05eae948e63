import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { filterFrom } from '../../../components/address/history.ts';
import { historyInput } from '../../../components/operations/history-input.ts';
import { HistoryPage } from '../../../components/operations/history-page.tsx';
import { requireSession } from '../../sign-in/require-session.ts';
import { viewer } from '../../viewer.ts';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('operations'))('title') };
}

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ searchParams }: Props) {
  await requireSession();
  const { api } = await viewer();
  const single = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const input = historyInput(filterFrom(new URLSearchParams(single)));
  const [initial, facets] = await Promise.all([api.operations.list(input), api.operations.facets()]);
  return <HistoryPage initial={initial} initialFacets={facets} />;
}
