import { useTranslations } from 'next-intl';
import type { Problem } from '../../model/problem.ts';
import { ProblemNote } from '../problem/problem-note.tsx';

/** Problems in place; many of one kind, such as a record for each layer, show the first and fold the others. */
export function Problems({ problems, tone }: { problems: readonly Problem[]; tone: 'bad' | 'warn' }) {
  const t = useTranslations('plan');
  return [...kinds(problems)].map(([code, [first, ...others]]) => (
    <div key={code}>
      {first && <ProblemNote tone={tone} problem={first} />}
      {others.length > 0 && (
        <details className="mt-1 pl-3">
          <summary className="text-2xs text-muted">{t('alike', { count: others.length })}</summary>
          {others.map((problem) => (
            <ProblemNote
              key={JSON.stringify(problem.params)}
              className="mt-1 text-2xs"
              tone={tone}
              problem={problem}
            />
          ))}
        </details>
      )}
    </div>
  ));
}

function kinds(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const known = found.get(problem.code);
    if (known) known.push(problem);
    else found.set(problem.code, [problem]);
  }
  return found;
}
