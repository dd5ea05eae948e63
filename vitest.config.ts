import { defineConfig } from 'vitest/config';

// Two projects: `unit` needs nothing but Node; `lab` talks to the lab's real libvirt daemons, one file at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,bench,bin,components,lab,model,server}/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts'],
          // Passwords are hashed as slowly as they should be, on machines as busy as they are.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['{server,lab,bench}/**/*.lab.test.ts'],
          globalSetup: ['lab/vitest-global.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
