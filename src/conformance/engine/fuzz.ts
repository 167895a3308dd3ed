import fc from 'fast-check'
import { expect } from 'vitest'
import { checkedEngine } from '../../engines/checked-engine.js'
import type { Engine } from '../../engines/engine.js'
import { arbitraryProgram } from './arbitrary-program.js'
import { runProgram } from './run-program.js'
import type { EngineSuite } from './suite.js'

export interface FuzzOptions {
  /** Number of random programs. */
  readonly runs: number
  /** The same seed gives the same programs. */
  readonly seed: number
  /** Whether to shrink a failing program before reporting it, which takes a while. Default true. */
  readonly shrink?: boolean
}

/** Programs in one test. */
const chunk = 100

/** Random networks, and random calls of them, against the oracle. */
export function fuzzChecks(suite: EngineSuite, { runs, seed }: FuzzOptions): void {
  for (let first = 0; first < runs; first += chunk) {
    const last = Math.min(first + chunk, runs)
    const body = () => fuzzEngine(suite.engine(), { runs: last - first, seed: seed + first })
    // Shrinking a failing program takes a minute, with a slow engine several.
    suite.check(`random programs ${first + 1} to ${last} agree with the oracle`, body, 600)
  }
}

/**
 * Runs random programs on `engine` and on the double precision oracle. A failure prints fast-check's seed and path, and
 * the smallest program found that fails.
 */
export function fuzzEngine(engine: Engine, { runs, seed, shrink = true }: FuzzOptions): void {
  const checked = checkedEngine(engine)
  let compared = 0
  let chaotic = 0
  const property = fc.property(arbitraryProgram, (program) => {
    const result = runProgram(checked, program)
    compared += result.compared
    if (result.chaotic) chaotic++
  })
  fc.assert(property, { numRuns: runs, seed, endOnFailure: !shrink })
  // About 3 calls per program are compared, and 1 program in 400 is chaotic; otherwise the programs are wrong.
  expect(compared, 'calls compared').toBeGreaterThan(runs)
  expect(chaotic, 'programs that rounding ended early').toBeLessThanOrEqual(0.05 * runs + 1)
}
