/** Why somebody could not sign in; the codes are keys of the catalogue's `signIn.problems`. */
export interface SignInProblem {
  readonly code: ProblemCode;
  /** Seconds to wait. */
  readonly seconds: number;
}

const CODES = [
  'LINK_USED',
  'LINK_EXPIRED',
  'LINK_UNKNOWN',
  'WRONG',
  'TOO_MANY',
  'ADDRESS_UNKNOWN',
  'UNREACHABLE',
  'FAILED',
] as const;

export type ProblemCode = (typeof CODES)[number];

/** The server's codes that mean the same to the person. */
const ALIASES: Readonly<Record<string, ProblemCode>> = {
  INVALID_USERNAME_OR_PASSWORD: 'WRONG',
  INVALID_USERNAME: 'WRONG',
  USERNAME_TOO_SHORT: 'WRONG',
  USERNAME_TOO_LONG: 'WRONG',
  PASSWORD_TOO_LONG: 'WRONG',
  HOST_UNKNOWN: 'ADDRESS_UNKNOWN',
  ORIGIN_UNKNOWN: 'ADDRESS_UNKNOWN',
};

/** Asks to be signed in. `null` when it worked. */
export async function postSignIn(
  how: 'link' | 'username',
  body: Record<string, string>,
): Promise<SignInProblem | null> {
  let response: Response;
  try {
    response = await fetch(`/api/auth/sign-in/${how}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    return { code: 'UNREACHABLE', seconds: 0 };
  }
  if (response.ok) return null;
  if (response.status === 429) {
    return { code: 'TOO_MANY', seconds: Number(response.headers.get('X-Retry-After')) || 60 };
  }
  return { code: codeIn(await response.text()), seconds: 0 };
}

function codeIn(text: string): ProblemCode {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return 'FAILED'; // Not the dashboard's own answer: something between it and the browser.
  }
  if (typeof answer !== 'object' || answer === null || !('code' in answer)) return 'FAILED';
  const code = String(answer.code);
  return ALIASES[code] ?? CODES.find((known) => known === code) ?? 'FAILED';
}
