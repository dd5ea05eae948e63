import { useTranslations } from 'next-intl';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';

/** An address that leads nowhere. */
export function NothingHere() {
  const t = useTranslations('errors');
  return (
    <EmptyState title={t('notFound')} action={<Link href="/">{t('toFleet')}</Link>}>
      {t('notFoundText')}
    </EmptyState>
  );
}
