import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { down, up } from './lab.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the lab that the tests of this run share; `read(inject('lab'))` describes it. */
    lab: string;
  }
}

/** Brings one lab up for all `*.lab.test.ts` files of a run, apart from any that people use, and takes it down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = join(tmpdir(), `backchain-test-${userInfo().uid}`);
  await up({ dir });
  project.provide('lab', dir);
  return async () => {
    await down({ dir });
  };
}
