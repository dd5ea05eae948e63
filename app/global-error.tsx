'use client';

import './globals.css';
import { Button } from '../components/ui/button.tsx';
// In a file of their own: they go to the browser with every page, and a part of a file brings all of it.
import errors from '../messages/en.errors.json';

/** The last resort, when not even the frame of the page could be drawn: it has nothing around it, so it brings its own texts. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body className="grid min-h-dvh place-items-center p-6">
        <main role="alert" className="max-w-md text-center">
          <h1 className="text-base font-semibold">{errors.failed}</h1>
          <p className="mt-1 mb-4 text-muted">
            {errors.failedPlain} {error.digest}
          </p>
          <Button variant="main" onClick={reset}>
            {errors.retry}
          </Button>
        </main>
      </body>
    </html>
  );
}
