import { DatabaseSync } from 'node:sqlite';

/**
 * Makes this process the only dashboard on a state directory until it ends, however it ends: the lock is the kernel's,
 * on an empty database. Two dashboards would both take up the same operations.
 *
 * @param file made where there is none
 * @returns how to release it. Throws where another process has it.
 */
export function holdAlone(file: string): () => void {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('pragma busy_timeout = 0; begin exclusive');
  } catch (cause) {
    lock.close();
    throw new Error(
      `Another dashboard already runs on this state directory (it holds ${file}). ` +
        'Use that one, end it, or name another directory in BACKCHAIN_STATE.',
      { cause },
    );
  }
  return () => lock.close();
}
