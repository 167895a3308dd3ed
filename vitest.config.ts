import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two at a time: the machines this is meant for have two cores, and the engine's tests use all they get.
    maxWorkers: 2,
    testTimeout: 60_000,
    reporters: ['default', './test/support/totals-reporter.ts'],
  },
})
