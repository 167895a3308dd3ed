import { existsSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'

/** Tests of the native engine itself, and whole searches, which would take hours without it. */
const needNative = [
  'test/engines/native/{conformance,lifecycle,native-engine,raw-calls,threads}.test.ts',
  'test/cli/compare.test.ts',
  'test/cli/durability.test.ts',
  'test/cli/full-disk.test.ts',
  'test/cli/rank.test.ts',
  'test/cli/report.test.ts',
  'test/cli/run-directory.test.ts',
  'test/cli/watch.test.ts',
  'test/execution/soak.test.ts',
]
const hasNative = existsSync('build/native/fear_nas.node')
if (!hasNative) {
  process.stdout.write(`skipped: ${needNative.join(', ')}: the native engine is not built (it needs a C++ compiler)\n`)
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(hasNative ? [] : needNative)],
    // Two at a time: the machines this is meant for have two cores, and the engine's tests use all they get.
    maxWorkers: 2,
    testTimeout: 60_000,
    // Installations that tests make have no addon; building one takes half a minute or more.
    env: { FEAR_NAS_NO_BUILD: '1' },
    reporters: ['default', './test/support/totals-reporter.ts'],
  },
})
