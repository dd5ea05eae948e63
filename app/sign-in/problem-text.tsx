'use client';

import { useTranslations } from 'next-intl';
import { Code } from './code.tsx';
import type { SignInProblem } from './post.ts';

export function ProblemText({ id, problem }: { id: string; problem: SignInProblem }) {
  const t = useTranslations('signIn.problems');
  return (
    <p id={id} role="alert" className="mt-3 border-l-2 border-bad py-0.5 pl-2.5">
      {t.rich(problem.code, { code: Code, seconds: problem.seconds })}
    </p>
  );
}
