import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { EmptyState } from '../components/shell/empty-state.tsx';

export default async function NotFound() {
  const t = await getTranslations('errors');
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        title={t('notFound')}
        action={
          <Link href="/" prefetch={false} className="text-accent hover:underline">
            {t('toFleet')}
          </Link>
        }
      >
        {t('notFoundText')}
      </EmptyState>
    </main>
  );
}
