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
