import { classNames } from './class-names.ts';

/** A thin bar of a share, 0 to 1; `null` where it is not known yet. Named, it is a progress bar for screen readers. */
export function Bar({
  share,
  label,
  className,
}: {
  share: number | null;
  label?: string;
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
        className="h-full origin-left rounded-full bg-accent motion-safe:transition-transform motion-safe:duration-200 motion-safe:ease-linear"
        style={{ transform: `scaleX(${(percent ?? 0) / 100})` }}
      />
    </div>
  );
}
