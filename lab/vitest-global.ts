import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { down } from './lab.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of each worker's lab, which `vitest-lab.ts` brings up. */
    labs: readonly string[];
  }
}

/** Names a lab for each worker that runs `*.lab.test.ts` files, apart from any that people use, and takes them all down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { maxWorkers } = project.config;
  const labs = Array.from({ length: maxWorkers }, (_, i) =>
    join(tmpdir(), `backchain-test-${userInfo().uid}-${i + 1}`),
  );
  const clear = async () => {
    await Promise.all(labs.map((dir) => down({ dir })));
  };
  // A run that was killed left its own.
  await clear();
  project.provide('labs', labs);
  return clear;
}
