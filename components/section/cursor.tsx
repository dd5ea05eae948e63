import { useTranslations } from 'next-intl';
import type { PointerEvent } from 'react';
import type { CrossSection } from '../../model/content/cross-section.ts';
import { moved } from './layer-bytes.ts';

/** The cursor over the bands: moved by the pointer, and by the keys of a slider. */
export function Cursor({
  section,
  at,
  text,
  onPoint,
  onKeep,
}: {
  section: CrossSection;
  /** A bucket; `null` if the cursor is not shown. */
  at: number | null;
  /** What is there, for screen readers. */
  text: string;
  /** The pointer is there, `null` once it has left. */
  onPoint: (bucket: number | null) => void;
  /** It stays there when the pointer leaves, `null` to let go. */
  onKeep: (bucket: number | null) => void;
}) {
  const t = useTranslations('section');
  const { size, bucketSize, buckets } = section;
  const share = (bytes: number) => `${(bytes / size) * 100}%`;

  function under({ clientX, currentTarget }: PointerEvent): number {
    const { left, width } = currentTarget.getBoundingClientRect();
    const offset = ((clientX - left) / width) * size;
    return Math.min(buckets - 1, Math.max(0, Math.floor(offset / bucketSize)));
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('offset')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, buckets - 1)}
      aria-valuenow={at ?? 0}
      aria-valuetext={text}
      onPointerMove={(event) => {
        onPoint(under(event));
        if (event.buttons === 1) onKeep(under(event));
      }}
      onPointerLeave={() => onPoint(null)}
      onPointerDown={(event) => onKeep(under(event))}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const to = event.key === 'Escape' ? null : moved(event.key, at ?? -1, buckets);
        if (to === null && event.key !== 'Escape') return;
        event.preventDefault();
        onPoint(null);
        onKeep(to);
      }}
      className="absolute inset-0 cursor-crosshair touch-pan-y -outline-offset-2"
    >
      {at !== null && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 min-w-px bg-accent/35 ring-1 ring-accent/60"
          style={{ left: share(at * bucketSize), width: share(Math.min(bucketSize, size - at * bucketSize)) }}
        />
      )}
    </div>
  );
}
