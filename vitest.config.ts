import { defineConfig } from 'vitest/config';

// Three projects: `unit` needs nothing but Node; `lab` talks to real libvirt daemons, each of its workers to a lab of its own.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,bench,bin,components,lab,model,server}/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts', '**/*.trial.test.ts'],
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
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        // A share of random trials is a measurement, not a yes or no: `npm run trial`, apart from `npm test`.
        test: {
          name: 'trial',
          include: ['server/**/*.trial.test.ts'],
          globalSetup: ['lab/vitest-global.ts'],
          maxWorkers: 1,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
