import { classNames } from './class-names.ts';

const SHAPES = {
  circle: 'rounded-full',
  square: 'rounded-[1px]',
  diamond: 'rotate-45 rounded-[1px]',
  ring: 'rounded-full border-[1.5px]',
  /** The outline of something that nobody knows. */
  dashed: 'rounded-[1px] border-[1.5px] border-dashed',
} as const;

const FILL = { ok: 'bg-ok', warn: 'bg-warn', bad: 'bg-bad', rest: 'bg-line-strong' } as const;
const LINE = { ok: 'border-ok', warn: 'border-warn', bad: 'border-bad', rest: 'border-line-strong' } as const;

export interface DotProps {
  readonly shape: keyof typeof SHAPES;
  readonly tone: keyof typeof FILL;
  /** Whether it changes soon, and shows so. */
  readonly pulse?: boolean;
}

/** A state that lasts, as a small shape; its text is beside it or read out. */
export function Dot({ shape, tone, pulse = false }: DotProps) {
  const outlined = shape === 'ring' || shape === 'dashed';
  return (
    <span
      aria-hidden
      className={classNames(
        'inline-block size-[7px] shrink-0',
        SHAPES[shape],
        outlined ? LINE[tone] : FILL[tone],
        pulse && 'motion-safe:animate-pulse',
      )}
    />
  );
}
