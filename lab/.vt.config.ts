import { defineConfig } from 'vitest/config';
export default defineConfig({
  root: '/work/main',
  test: {
    projects: [
      {
        root: '/work/main',
        test: { name: 'unit', include: ['lab/**/*.test.ts'], exclude: ['**/*.lab.test.ts'] },
      },
      {
        root: '/work/main',
        test: {
          name: 'lab',
          globalSetup: ['lab/vitest-global.ts'],
          include: ['lab/**/*.lab.test.ts'],
          fileParallelism: false,
          testTimeout: 120000,
          hookTimeout: 180000,
        },
      },
    ],
  },
});
