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

const BRAND = Symbol.for('backchain.ProblemError');

/**
 * A problem thrown. `kind` says whose it is: what was asked for, what there is now, or what failed.
 *
 * Next loads this module once for each part of the server, so that one part's class is not the other's:
 * `instanceof` goes by a mark that all of them share.
 */
export class ProblemError extends Error {
  readonly [BRAND] = true;
  readonly problem: Problem;
  readonly kind: 'not-found' | 'refused' | 'conflict' | 'failed';

  constructor(kind: ProblemError['kind'], given: Problem, options?: ErrorOptions) {
    super(`${given.code} ${JSON.stringify(given.params)}`, options);
    this.name = 'ProblemError';
    this.kind = kind;
    this.problem = given;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
