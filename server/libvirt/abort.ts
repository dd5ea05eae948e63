import { LibvirtError } from './errors.ts';

/** What the caller of an aborted call gets. */
export function aborted(signal: AbortSignal): LibvirtError {
  return new LibvirtError('ABORTED', 'It was given up before the daemon answered.', { cause: signal.reason });
}

/** `promise`, or ABORTED as soon as the signal says so; the promise's own end is then of no interest. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(aborted(signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const settled = () => signal.removeEventListener('abort', abort);
    promise.then(resolve, reject).then(settled);
  });
}
