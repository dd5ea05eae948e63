'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { EmptyState } from '../../components/ui/empty-state.tsx';

/** A page that broke, within the frame: the fleet and the operations stay on screen. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations('errors');
  useEffect(() => console.error(error), [error]);
  return (
    <div role="alert">
      <EmptyState
        title={t('failed')}
        action={
          <Button variant="main" onClick={reset}>
            {t('retry')}
          </Button>
        }
      >
        {t('failedText', { digest: error.digest ?? 'none' })}
      </EmptyState>
    </div>
  );
}
