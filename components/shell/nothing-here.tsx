import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { EmptyState } from './empty-state.tsx';

/** An address that leads nowhere. */
export function NothingHere() {
  const t = useTranslations('errors');
  return (
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
  );
}
