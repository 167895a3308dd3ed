import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The path of a large file that lies beside the repository (`../shared/data/NAME`), or null where it is absent. Tests
 * that need one are skipped with a printed reason: `it.skipIf(path === null)`, after `announceSkip`.
 */
export function sharedData(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url))
  return existsSync(path) ? path : null
}

/** Prints why the tests that need `name` are skipped. */
export function announceSkip(name: string, tests: string): void {
  process.stdout.write(`skipped: ${tests}: ../shared/data/${name} is absent\n`)
}
