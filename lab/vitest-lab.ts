import { inject } from 'vitest';
import { read } from './lab.ts';

const worker = Number(process.env.VITEST_POOL_ID);
const dir = inject('labs')[worker - 1];
if (dir === undefined) throw new Error(`There is no lab for worker ${worker}.`);

/** The lab that the tests of this worker share, and those of no other. */
export const lab = await read(dir);
