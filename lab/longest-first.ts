import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in the order in which they are to begin: the one that begins last decides when all is over.
 * `docs/testing.md` says how long they take. The others follow by Vitest's own order.
 */
export const LONGEST: readonly string[] = [
  'test/integration/space/free-space.lab.test.ts',
  'test/integration/crash/crash-flatten.lab.test.ts',
  'test/integration/crash/crash-merge.lab.test.ts',
  'test/integration/crash/crash-move.lab.test.ts',
  'test/integration/flatten/accuracy.lab.test.ts',
  'test/integration/space/full-under-writer.lab.test.ts',
  'test/integration/move/move.lab.test.ts',
  'test/integration/commit/merge-down.lab.test.ts',
  'test/integration/flatten/shorten.lab.test.ts',
  'test/integration/flatten/flatten.lab.test.ts',
  'test/integration/space/restart.lab.test.ts',
  'lab/without-namespace.lab.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
