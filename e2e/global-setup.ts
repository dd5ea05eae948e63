import type { FullConfig } from '@playwright/test';
import { down, up } from '../lab/lab.ts';
import { labDir } from './lab-dir.ts';

/** The guests that tests only look at. What a test changes it makes itself. */
const GUESTS = [
  'app-1',
  'mail',
  'deep',
  'batch-1',
  'report-1',
  'ci-1',
  'wiki',
  'legacy-1',
  'thin-1',
  'files-1',
  'build-1',
  'test-1',
  'lost-1',
  'vault-1',
  'edge-1',
  'edge-2',
];

/** Brings up the lab that all workers share; the answer takes it down. */
export default async function setUp(_: FullConfig): Promise<() => Promise<void>> {
  const dir = labDir();
  await up({ dir, only: GUESTS });
  return async () => {
    await down({ dir });
  };
}
