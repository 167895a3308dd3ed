import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.js'
import { contractChecks } from './engine-contract.js'
import { freezingChecks } from './engine-freezing.js'
import { gradientChecks } from './engine-gradients.js'
import type { EngineSuite } from './engine-suite.js'
import { trainingChecks } from './engine-training.js'
import { float64Engine, type OracleEngine } from './float64-engine.js'

export interface EngineConformanceOptions {
  /** Tests this engine is excused from, by full title, each with its reason. */
  readonly skip?: readonly { readonly test: string; readonly reason: string }[]
  /** What the engine is compared with: by default a plain double precision implementation. */
  readonly oracle?: () => OracleEngine | Promise<OracleEngine>
}

/**
 * Declares the tests that every engine must pass. For the author of an engine:
 *
 * ```ts
 * describeEngine('mine', () => loadMyEngine())
 * ```
 */
export function describeEngine(
  name: string,
  load: () => Engine | Promise<Engine>,
  { skip = [], oracle = () => float64Engine }: EngineConformanceOptions = {},
): void {
  describe(`engine ${name}`, () => {
    let engine: Engine | null = null
    let oracleEngine: OracleEngine | null = null
    const titles = new Set<string>()

    beforeAll(async () => {
      engine = await load()
      oracleEngine = await oracle()
    })

    const suite: EngineSuite = {
      engine: () => loaded(engine),
      oracle: () => loaded(oracleEngine),
      check(title, body) {
        titles.add(title)
        const excuse = skip.find(({ test }) => test === title)
        if (excuse !== undefined) process.stdout.write(`skipped: ${name}: ${title}: ${excuse.reason}\n`)
        it.skipIf(excuse !== undefined)(title, body)
      },
    }

    describe('gradients', () => gradientChecks(suite))
    describe('training', () => trainingChecks(suite))
    describe('freezing', () => freezingChecks(suite))
    describe('contract', () => contractChecks(suite))

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
