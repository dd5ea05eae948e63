import type { ProblemCode } from './problem-code.ts';

/**
 * Something that people should know: a refusal, a warning, a failure. The code has its text in `messages/`, which the
 * parameters fill. A journal that another version wrote may have other codes, which show with a general text.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly params: TextParams;
}

/** What fills a text of the catalogue. */
export type TextParams = Readonly<Record<string, string | number>>;

export function problem(code: ProblemCode, params: TextParams = {}): Problem {
  return { code, params };
}

const BRAND = Symbol.for('backchain.ProblemError');

/**
 * A problem thrown. `kind` says where the cause is: in the request, in the present state, or in something that failed.
 *
 * Next loads this module once for each part of the server, so there are several copies of this class. `instanceof`
 * checks for a mark that all copies share.
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
