import type { Image } from '../../../model/fleet/image.ts';

/** Allocated of virtual size as a bar, and what it may grow by; empty where sizes are unknown. */
export function Allocation({ image, color, growth = 0 }: { image: Image; color: string; growth?: number }) {
  const { allocated, virtualSize } = image;
  const of = (bytes: number) => (virtualSize ? Math.min(bytes / virtualSize, 1) : 0);
  const share = of(allocated ?? 0);
  const more = allocated === null ? 0 : Math.min(of(growth), 1 - share);
  return (
    <span className="flex h-1 overflow-hidden rounded-full bg-line" aria-hidden="true">
      <span
        className="block h-full"
        style={{ width: `${share * 100}%`, minWidth: share > 0 ? 3 : 0, background: color }}
      />
      {more > 0 && (
        <span className="block h-full bg-accent" style={{ width: `${more * 100}%`, minWidth: 3 }} />
      )}
    </span>
  );
}
