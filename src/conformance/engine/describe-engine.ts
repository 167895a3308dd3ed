import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { checkedEngine } from '../../engines/checked-engine.js'
import type { Engine } from '../../engines/engine.js'
import { badInputChecks } from './bad-input.js'
import { contractChecks } from './contract.js'
import { freezingChecks } from './freezing.js'
import { fuzzChecks } from './fuzz.js'
import { gradientChecks } from './gradients.js'
import { momentumChecks } from './momentum.js'
import { nonFiniteChecks } from './non-finite.js'
import { float64Engine, type OracleEngine } from './oracle.js'
import { probeChecks } from './probes.js'
import type { EngineSuite } from './suite.js'
import { trainingChecks } from './training.js'

export interface EngineConformanceOptions {
  /** Tests to skip for this engine, by full title, each with a reason. */
  readonly skip?: readonly { readonly test: string; readonly reason: string }[]
  /** The oracle to compare with; default: a plain double-precision implementation. */
  readonly oracle?: () => OracleEngine | Promise<OracleEngine>
  /** Number of random programs on random networks; default 100, which takes some seconds; 0 for none. */
  readonly fuzzRuns?: number
  /** Seed of the programs; fixed by default, so that tests are repeatable. */
  readonly fuzzSeed?: number
}

/**
 * Declares the conformance tests of an engine, which is wrapped in `checkedEngine` as in use:
 *
 * ```ts
 * describeEngine('mine', () => loadMyEngine())
 * ```
 */
export function describeEngine(
  name: string,
  load: () => Engine | Promise<Engine>,
  { skip = [], oracle = () => float64Engine, fuzzRuns = 100, fuzzSeed = 20210608 }: EngineConformanceOptions = {},
): void {
  describe(`engine ${name}`, () => {
    let engine: Engine | null = null
    let oracleEngine: OracleEngine | null = null
    const titles = new Set<string>()

    beforeAll(async () => {
      engine = checkedEngine(await load())
      oracleEngine = await oracle()
    })

    const suite: EngineSuite = {
      engine: () => loaded(engine),
      oracle: () => loaded(oracleEngine),
      check(title, body, timeoutSeconds = 60) {
        titles.add(title)
        const excuse = skip.find(({ test }) => test === title)
        const saySkipped = (reason: string) => process.stdout.write(`skipped: ${name}: ${title}: ${reason}\n`)
        if (excuse !== undefined) saySkipped(excuse.reason)
        const run = ({ skip }: TestContext): void => {
          const reason = body()
          if (typeof reason !== 'string') return
          saySkipped(reason)
          skip(reason)
        }
        it.skipIf(excuse !== undefined)(title, run, 1000 * timeoutSeconds)
      },
    }

    describe('gradients', () => gradientChecks(suite))
    describe('probes', () => probeChecks(suite))
    describe('training', () => trainingChecks(suite))
    describe('freezing', () => freezingChecks(suite))
    describe('momentum', () => momentumChecks(suite))
    describe('contract', () => contractChecks(suite))
    describe('bad input', () => badInputChecks(suite))
    describe('values that are not finite', () => nonFiniteChecks(suite))
    describe('fuzz', () => fuzzChecks(suite, { runs: fuzzRuns, seed: fuzzSeed }))

    it('is excused only from tests that exist', () => {
      expect(skip.map(({ test }) => test).filter((test) => !titles.has(test))).toEqual([])
    })

    afterAll(() => {
      engine = null
      oracleEngine = null
    })
  })
}

function loaded<T>(value: T | null): T {
  if (value === null) throw new Error('the engine has not been loaded')
  return value
}
