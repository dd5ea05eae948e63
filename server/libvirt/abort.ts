import { LibvirtError } from './errors.ts';

/** The error of an aborted call. */
export function aborted(signal: AbortSignal): LibvirtError {
  return new LibvirtError('ABORTED', 'The call was aborted before the daemon answered.', {
    cause: signal.reason,
  });
}

/** Settles as `promise` does, or rejects with ABORTED when the signal aborts first. */
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
