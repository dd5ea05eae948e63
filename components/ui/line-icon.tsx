import type { ReactNode } from 'react';

/** A small drawing of lines, in the colour of the text around it. `children` are its paths, in pixels of `size`. */
export function LineIcon({
  size,
  stroke = 1.4,
  children,
}: {
  size: number;
  stroke?: number;
  children: ReactNode;
}) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      fill="none"
      stroke="currentColor"
      strokeWidth={stroke}
    >
      {children}
    </svg>
  );
}
