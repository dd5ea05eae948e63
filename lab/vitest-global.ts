import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { down, up } from './lab.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of each worker's lab, see `vitest-lab.ts`. */
    labs: readonly string[];
  }
}

/** Brings up a lab for each worker that runs `*.lab.test.ts` files, apart from any that people use, and takes them down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { maxWorkers } = project.config;
  const labs = Array.from({ length: maxWorkers }, (_, i) =>
    join(tmpdir(), `backchain-test-${userInfo().uid}-${i + 1}`),
  );
  await Promise.all(labs.map((dir) => up({ dir })));
  project.provide('labs', labs);
  return async () => {
    await Promise.all(labs.map((dir) => down({ dir })));
  };
}
