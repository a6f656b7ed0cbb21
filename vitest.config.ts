import { defineConfig } from 'vitest/config';

/** A real worker, server or browser behind most tests: the limit only ends what hangs. */
const TEST_TIMEOUT_MS = 60_000;

export default defineConfig({
  test: {
    globalSetup: 'test/support/set-up.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    include: ['test/**/*.test.ts'],
  },
});
