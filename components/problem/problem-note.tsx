'use client';

import type { Problem } from '../../model/problem.ts';
import { classNames } from '../ui/class-names.ts';
import { ProblemLinks } from './problem-links.tsx';
import { useProblemText } from './problem-text.ts';

const TONES = { bad: 'border-bad', warn: 'border-warn' } as const;

/** A problem in place, marked by a bar at its side. */
export function ProblemNote({
  problem,
  tone = 'bad',
  role,
  className,
}: {
  problem: Problem;
  tone?: keyof typeof TONES;
  role?: 'alert' | 'status';
  className?: string;
}) {
  const text = useProblemText();
  return (
    <p role={role} className={classNames('border-l-2 py-0.5 pl-2.5 wrap-anywhere', TONES[tone], className)}>
      {text(problem)}
      <ProblemLinks problem={problem} />
    </p>
  );
}
