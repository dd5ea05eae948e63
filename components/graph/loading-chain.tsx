import { useTranslations } from 'next-intl';

/** The chain's outline, until the graph is loaded. */
export function LoadingChain() {
  const t = useTranslations('graph');
  return (
    <div role="status" aria-label={t('loading')} className="flex gap-11 overflow-hidden p-5">
      {['a', 'b', 'c', 'd'].map((place) => (
        <span
          key={place}
          className="h-28 w-41 shrink-0 rounded-lg border border-line bg-raised motion-safe:animate-pulse"
        />
      ))}
    </div>
  );
}
