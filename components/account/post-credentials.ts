/** Why a name and password were not set; the codes are keys of the catalogue's `account.problems`. */
export interface CredentialsProblem {
  readonly code: (typeof CODES)[number];
  /** Seconds to wait. */
  readonly seconds: number;
}

const CODES = [
  'PASSWORD_LENGTH',
  'PASSWORD_WRONG',
  'INVALID_USERNAME',
  'USERNAME_TOO_SHORT',
  'USERNAME_TOO_LONG',
  'USERNAME_IS_ALREADY_TAKEN',
  'SIGNED_OUT',
  'TOO_MANY',
  'UNREACHABLE',
  'FAILED',
] as const;

export interface Credentials {
  readonly username: string;
  readonly newPassword: string;
  readonly currentPassword?: string;
}

/** Sets the name and password of whoever is signed in, and ends their other sessions. `null` when it worked. */
export async function postCredentials(credentials: Credentials): Promise<CredentialsProblem | null> {
  let response: Response;
  try {
    response = await fetch('/api/auth/credentials', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(credentials),
    });
  } catch {
    return { code: 'UNREACHABLE', seconds: 0 };
  }
  if (response.ok) return null;
  if (response.status === 429) {
    return { code: 'TOO_MANY', seconds: Number(response.headers.get('X-Retry-After')) || 60 };
  }
  const code = codeIn(await response.text());
  return { code: code ?? (response.status === 401 ? 'SIGNED_OUT' : 'FAILED'), seconds: 0 };
}

function codeIn(text: string): CredentialsProblem['code'] | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('code' in answer)) return undefined;
    return CODES.find((known) => known === answer.code);
  } catch {
    return undefined; // Not the dashboard's own answer: something between it and the browser.
  }
}
