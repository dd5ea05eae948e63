import type { Image } from '../../model/image.ts';

/** Allocated of virtual size as a bar; empty where either is unknown. */
export function Allocation({ image, color }: { image: Image; color: string }) {
  const { allocated, virtualSize } = image;
  const share = allocated === null || !virtualSize ? 0 : Math.min(allocated / virtualSize, 1);
  return (
    <span className="block h-1 overflow-hidden rounded-full bg-line" aria-hidden="true">
      <span
        className="block h-full rounded-full"
        style={{ width: `${share * 100}%`, minWidth: share > 0 ? 3 : 0, background: color }}
      />
    </span>
  );
}
