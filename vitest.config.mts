import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: '100%', // the default leaves a core idle, which on two cores is half the time
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
