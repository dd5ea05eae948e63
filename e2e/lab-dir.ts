import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Folder of the lab that a run's browser tests share, apart from any that people use. */
export function labDir(): string {
  return join(tmpdir(), `backchain-e2e-${userInfo().uid}`);
}
