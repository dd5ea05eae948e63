import { useTranslations } from 'next-intl';

/** What the bands mean, each as a drawing and a text. */
export function Legend() {
  const t = useTranslations('section');
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 px-[20px] pt-1 text-2xs text-muted">
      <Entry text={t('legendRead')}>
        <span className="block size-full bg-stratum-2" />
      </Entry>
      <Entry text={t('legendHidden')}>
        <span className="block size-full bg-stratum-2 opacity-28" />
      </Entry>
      <Entry text={t('legendZeros')}>
        <span className="absolute inset-x-0 top-1/2 block h-0.5 -translate-y-1/2 bg-stratum-2" />
      </Entry>
      <Entry text={t('legendEmpty')} />
    </p>
  );
}

function Entry({ text, children }: { text: string; children?: React.ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className="relative h-3 w-4 overflow-hidden border border-line bg-panel">
        {children}
      </span>
      {text}
    </span>
  );
}
