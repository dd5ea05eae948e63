import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ViewControls } from './use-view.ts';

/** Zoom by hand, for those without a wheel. */
export function ViewButtons({ view }: { view: ViewControls }) {
  const t = useTranslations('graph');
  return (
    <div className="absolute bottom-3 left-[20px] z-10 flex overflow-hidden rounded-md border border-line bg-panel">
      <ViewButton label={t('zoomOut')} onPress={view.zoomOut}>
        <path d="M2 6H10" />
      </ViewButton>
      <ViewButton label={t('zoomIn')} onPress={view.zoomIn}>
        <path d="M2 6H10M6 2V10" />
      </ViewButton>
      <ViewButton label={t('fit')} onPress={view.fit}>
        <path d="M1.5 4V1.5H4M8 1.5H10.5V4M10.5 8V10.5H8M4 10.5H1.5V8" />
      </ViewButton>
    </div>
  );
}

function ViewButton({
  label,
  onPress,
  children,
}: {
  label: string;
  onPress: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="flex size-[26px] items-center justify-center text-muted not-first:border-l not-first:border-line hover:bg-hover hover:text-text focus-visible:-outline-offset-2"
    >
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        aria-hidden="true"
      >
        {children}
      </svg>
    </button>
  );
}
