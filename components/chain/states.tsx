import { BranchShape, LockShape, MissingShape, SharedShape } from './shapes.tsx';
import type { State } from './use-image-texts.ts';

const TONES = {
  stays: 'text-muted',
  merges: 'text-text',
  leaves: 'text-text',
  receives: 'text-accent',
  new: 'text-accent',
  returns: 'text-accent',
  locked: 'text-accent',
  missing: 'text-bad',
  shared: 'text-text',
  branches: 'text-text',
  spoils: 'text-warn',
  trait: 'text-warn',
} as const satisfies Record<State['kind'], string>;

const SHAPES = {
  stays: null,
  merges: null,
  leaves: null,
  receives: null,
  new: null,
  returns: null,
  locked: <LockShape />,
  missing: <MissingShape />,
  shared: <SharedShape />,
  branches: <BranchShape />,
  spoils: <BranchShape />,
  trait: null,
} as const satisfies Record<State['kind'], React.ReactNode>;

/** Roles and states of an image in at most two lines: each as a text, some with a shape. */
export function States({ states }: { states: readonly State[] }) {
  return (
    <span
      title={states.map(({ text }) => text).join('\n')}
      className="mt-auto flex max-h-[26px] min-w-0 flex-wrap items-center gap-x-2 overflow-hidden text-2xs/[13px] group-data-[far=true]/graph:max-h-none group-data-[far=true]/graph:text-[17px]/[24px]"
    >
      {states.map(({ kind, text }, i) => (
        <span
          key={text}
          className={`flex min-w-0 items-center gap-1 whitespace-nowrap ${TONES[kind]} ${
            i > 0 ? 'group-data-[far=true]/graph:hidden' : ''
          }`}
        >
          {SHAPES[kind]}
          <span className="truncate">{text}</span>
        </span>
      ))}
    </span>
  );
}
