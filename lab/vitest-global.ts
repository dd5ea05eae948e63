import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { virsh } from './guest.ts';
import { down, hostOf, up } from './lab.ts';

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
  const whole = await Promise.all(labs.map((dir) => up({ dir })));
  // It never rests, and takes from all tests; those that need one make their own.
  for (const lab of whole) await virsh(hostOf(lab, 'alpha'), 'suspend', 'writer');
  project.provide('labs', labs);
  return async () => {
    await Promise.all(labs.map((dir) => down({ dir })));
  };
}
