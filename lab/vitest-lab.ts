import { inject } from 'vitest';
import { LabError } from './error.ts';
import { type Lab, read, up } from './lab.ts';
import { SMALL_GUESTS } from './small-guests.ts';
import { assembleWriter } from './writer.ts';

const worker = Number(process.env.VITEST_POOL_ID);
const dir = inject('labs')[worker - 1];
if (dir === undefined) throw new Error(`There is no lab for worker ${worker}.`);

/** The lab that the tests of this worker share, and those of no other. The first of them brings it up. */
export const lab = await read(dir).catch((error: unknown) => {
  if (error instanceof LabError && error.code === 'no-lab') return bringUp(dir);
  throw error;
});

async function bringUp(folder: string): Promise<Lab> {
  // Each dashboard that a test opens reads all of them. `catalogue.lab.test.ts` has the others.
  const made = await up({ dir: folder, only: SMALL_GUESTS });
  // Tests make guests that write.
  await assembleWriter(folder);
  return made;
}
