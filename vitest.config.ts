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
        },
      },
      {
        test: {
          name: 'lab',
          include: ['{server,lab,bench}/**/*.lab.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
