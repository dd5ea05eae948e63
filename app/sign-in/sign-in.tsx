'use client';

import { useState } from 'react';
import { LinkForm } from './link-form.tsx';
import { PasswordForm } from './password-form.tsx';
import type { SignInProblem } from './post.ts';

interface Props {
  /** Of a one-time link. */
  token: string | null;
  /** Where to go then. */
  next: string;
  signedIn: boolean;
}

/** By a link where there is one that works, else by name and password. */
export function SignIn({ token, next, signedIn }: Props) {
  const [problem, setProblem] = useState<SignInProblem | null>(null);

  function leave() {
    // A whole new page, and not the address with the token in the history.
    window.location.replace(next);
  }

  if (token !== null && problem === null) {
    // A link that was used by this very browser, such as by a second click, is no problem.
    return <LinkForm token={token} onDone={leave} onProblem={signedIn ? leave : setProblem} />;
  }
  return <PasswordForm first={problem} onDone={leave} />;
}
