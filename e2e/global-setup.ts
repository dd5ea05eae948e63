import type { FullConfig } from '@playwright/test';
import { down, up } from '../lab/lab.ts';
import { SMALL_GUESTS } from '../lab/small-guests.ts';
import { labDir } from './lab-dir.ts';

/** The guests that tests only read. What a test changes it makes itself. */
const GUESTS = ['app-1', 'mail', 'deep', 'ci-1', ...SMALL_GUESTS];

/** Brings up the lab that all workers share; the answer takes it down. */
export default async function setUp(_: FullConfig): Promise<() => Promise<void>> {
  const dir = labDir();
  await up({ dir, only: GUESTS });
  return async () => {
    await down({ dir });
  };
}
