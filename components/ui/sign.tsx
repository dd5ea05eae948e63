import { classNames } from './class-names.ts';
import { INK, type Tone } from './tone.ts';

const SIGNS = {
  waiting: { sign: '○', tone: 'muted' },
  running: { sign: '▶', tone: 'accent' },
  paused: { sign: '❚❚', tone: 'warn' },
  unknown: { sign: '?', tone: 'warn' },
  stopping: { sign: '■', tone: 'warn' },
  done: { sign: '✓', tone: 'ok' },
  failed: { sign: '✕', tone: 'bad' },
  ended: { sign: '–', tone: 'muted' },
  undone: { sign: '↺', tone: 'muted' },
  warning: { sign: '▲', tone: 'warn' },
  note: { sign: '·', tone: 'muted' },
} as const satisfies Record<string, { sign: string; tone: Tone }>;

export type SignName = keyof typeof SIGNS;

/** A state by shape and colour; its text is beside it. */
export function Sign({ name, className }: { name: SignName; className?: string }) {
  const { sign, tone } = SIGNS[name];
  return (
    <span
      aria-hidden
      className={classNames('inline-block min-w-3 shrink-0 text-center text-2xs', INK[tone], className)}
    >
      {sign}
    </span>
  );
}
