import { classNames } from './class-names.ts';

const TONES = { accent: 'bg-accent', warn: 'bg-warn' } as const;

/** A thin bar of a share, 0 to 1; `null` where it is not known yet. Named, it is a progress bar for screen readers. */
export function Bar({
  share,
  label,
  tone = 'accent',
  className,
}: {
  share: number | null;
  label?: string;
  /** `warn` for work that is paused. */
  tone?: keyof typeof TONES;
  className?: string;
}) {
  const percent = share === null ? null : Math.min(Math.max(share, 0), 1) * 100;
  const named = label
    ? {
        role: 'progressbar',
        'aria-label': label,
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        ...(percent === null ? {} : { 'aria-valuenow': Math.round(percent) }),
      }
    : { 'aria-hidden': true };
  return (
    <div {...named} className={classNames('h-1.5 overflow-hidden rounded-full bg-line', className)}>
      <div
        className={classNames(
          'h-full origin-left rounded-full motion-safe:transition-transform motion-safe:duration-200 motion-safe:ease-linear',
          TONES[tone],
        )}
        style={{ transform: `scaleX(${(percent ?? 0) / 100})` }}
      />
    </div>
  );
}
