import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { LineIcon } from '../../ui/line-icon.tsx';
import type { ViewControls } from './use-view.ts';

/** Zoom by buttons, for people without a wheel. */
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
    <IconButton
      label={label}
      title={label}
      onClick={onPress}
      className="not-first:border-l not-first:border-line focus-visible:-outline-offset-2"
    >
      <LineIcon size={12}>{children}</LineIcon>
    </IconButton>
  );
}
