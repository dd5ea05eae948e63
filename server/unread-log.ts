/**
 * Lets the process outlive whoever read its output: a terminal that was closed, a pipe whose reader ended. A write there
 * fails with `EPIPE`, and as an error that nobody handles it would be logged, which fails the same way, for ever.
 */
export function surviveUnreadLog(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Any other error has no place left to be told, but by the process's end.
      if (error.code !== 'EPIPE') process.exit(1);
    });
  }
}
