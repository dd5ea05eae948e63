import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { down, up } from './lab.ts';
import { assemble } from './writer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of each worker's lab, see `vitest-lab.ts`. */
    labs: readonly string[];
  }
}

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

/** Brings up a lab for each worker that runs `*.lab.test.ts` files, apart from any that people use, and takes them down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { maxWorkers } = project.config;
  const labs = Array.from({ length: maxWorkers }, (_, i) =>
    join(tmpdir(), `backchain-test-${userInfo().uid}-${i + 1}`),
  );
  await Promise.all(
    labs.map(async (dir) => {
      await up({ dir, only: GUESTS });
      // Tests make guests that write.
      await assemble(dir);
    }),
  );
  project.provide('labs', labs);
  return async () => {
    await Promise.all(labs.map((dir) => down({ dir })));
  };
}
