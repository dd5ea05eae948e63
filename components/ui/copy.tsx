'use client';

import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** Puts a text on the clipboard and says whether it did: browsers have none on plain-HTTP addresses but loopback. */
export function Copy({
  text,
  label,
  done,
  failed,
}: {
  text: string | (() => string);
  label: string;
  done: string;
  failed: string;
}) {
  const [said, setSaid] = useState(label);
  useEffect(() => {
    if (said === label) return;
    const timer = setTimeout(() => setSaid(label), 2000);
    return () => clearTimeout(timer);
  }, [said, label]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setSaid(done);
    } catch {
      setSaid(failed);
    }
  }

  return (
    <Button variant="bare" className="rounded-md px-1 text-2xs text-muted hover:text-text" onClick={copy}>
      <span aria-live="polite">{said}</span>
    </Button>
  );
}
