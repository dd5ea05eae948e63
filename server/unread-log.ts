/**
 * Lets the process outlive the reader of its output, such as a terminal that was closed. A write then fails with `EPIPE`. As an
 * error that nobody handles it would be logged, which fails in the same way, for ever.
 */
export function surviveUnreadLog(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Any other error can be reported only by ending the process.
      if (error.code !== 'EPIPE') process.exit(1);
    });
  }
}
