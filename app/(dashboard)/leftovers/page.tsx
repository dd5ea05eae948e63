import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { LeftoversPage } from '../../../components/leftovers/leftovers-page.tsx';
import { requireSession } from '../../sign-in/require-session.ts';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('leftovers'))('title') };
}

export default async function Page() {
  await requireSession();
  return <LeftoversPage />;
}
