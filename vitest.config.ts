import { defineConfig } from 'vitest/config';
import { LongestFirst } from './lab/longest-first.ts';

/** What talks to real libvirt daemons, each worker to a lab of its own. */
const lab = {
  globalSetup: ['lab/vitest-global.ts'],
  // As below: loading the modules anew for each file is a tenth of the time.
  isolate: false,
  // More than cores: most of the time a test waits for QEMU, which waits for the speed limit that the test set.
  maxWorkers: 3,
  expect: { poll: { timeout: 120_000 } },
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

// `unit` needs nothing but Node; `lab` has the lab; `kills` has those tests of it that kill a dashboard at every point of an
// operation, of which `lab` runs some.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,bench,bin,components,lab,model,server,test}/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts'],
          // A worker runs one file after the other: modules are loaded once, not once for each of them. What a test changes
          // of the process, such as its clock or its environment, it sets right again.
          isolate: false,
          // Passwords are hashed as slowly as they should be, on machines as busy as they are.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...lab,
          name: 'lab',
          include: ['{server,lab,bench,test}/**/*.lab.test.ts'],
          provide: { kills: 'some' },
        },
      },
      {
        test: {
          ...lab,
          name: 'kills',
          include: ['test/integration/crash/{crash-*,migrate-crash,writing-through-faults}.lab.test.ts'],
          provide: { kills: 'all' },
        },
      },
    ],
  },
});
