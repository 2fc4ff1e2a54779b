import { defineConfig } from 'vitest/config';

// Fast tests sit beside the code they check; what crosses packages lives in test/ and may start real processes.
// Groups run one after the other, so that nothing competes with tests that measure time.
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: [
            'packages/*/src/**/*.test.ts',
            'simulators/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'test/bench/**/*.test.ts',
            'test/convergence/**/*.test.ts',
          ],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: 'architecture', sequence: { groupOrder: 0 }, include: ['test/architecture.test.ts'] } },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 1 },
          include: ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          sequence: { groupOrder: 2 },
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
