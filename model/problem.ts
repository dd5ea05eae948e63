/**
 * Something that a person has to be told. The code is stable and its text stands in `messages/`;
 * the parameters fill the text.
 */
export interface Problem {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export function problem(code: string, params: Problem['params'] = {}): Problem {
  return { code, params };
}

/** A problem thrown. `kind` says whose it is: what was asked for, what there is now, or what failed. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly kind: 'not-found' | 'refused' | 'conflict' | 'failed';

  constructor(kind: ProblemError['kind'], given: Problem, options?: ErrorOptions) {
    super(`${given.code} ${JSON.stringify(given.params)}`, options);
    this.name = 'ProblemError';
    this.kind = kind;
    this.problem = given;
  }
}
