import { inject } from 'vitest';
import { LabError } from './error.ts';
import { type Lab, read, up } from './lab.ts';
import { assemble } from './writer.ts';

/**
 * The guests beside a test's own: enough that a dashboard meets all sorts of disks, and small, since each dashboard that a
 * test opens reads all of them. `catalogue.lab.test.ts` has the others.
 */
const GUESTS = [
  'batch-1',
  'report-1',
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

const worker = Number(process.env.VITEST_POOL_ID);
const dir = inject('labs')[worker - 1];
if (dir === undefined) throw new Error(`There is no lab for worker ${worker}.`);

/** The lab that the tests of this worker share, and those of no other. The first of them brings it up. */
export const lab = await read(dir).catch((error: unknown) => {
  if (error instanceof LabError && error.code === 'no-lab') return bringUp(dir);
  throw error;
});

async function bringUp(folder: string): Promise<Lab> {
  const made = await up({ dir: folder, only: GUESTS });
  // Tests make guests that write.
  await assemble(folder);
  return made;
}
