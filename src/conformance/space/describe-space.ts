import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Engine } from '../../engines/engine.js'
import { loadEngine } from '../../engines/registry.js'
import type { MacroSpec, SearchSpace } from '../../spaces/search-space.js'
import { canonicalLaws } from './canonical-laws.js'
import { decisionLaws } from './decision-laws.js'
import { networkLaws } from './network-laws.js'
import { spellingLaws } from './spelling-laws.js'
import { mostVisited, populationOf, type SpaceLaw, type SpaceSuite } from './suite.js'

export interface SpaceConformanceOptions {
  /**
   * The network around the cells; default: 4 channels, one cell a stage, grey images of 8x8 pixels and three classes.
   */
  readonly macros?: readonly [MacroSpec, ...MacroSpec[]]
  /** The engine for training; default `wasm`, which loads everywhere. */
  readonly engine?: () => Engine | Promise<Engine>
  /** Laws to skip for this space, each with a reason. */
  readonly skip?: readonly { readonly law: SpaceLaw; readonly reason: string }[]
}

/** Small enough that many networks are trained in a second. */
export const smallMacro: MacroSpec = {
  channels: 4,
  cells: 1,
  input: { channels: 1, height: 8, width: 8 },
  classes: 3,
}

/**
 * Declares the conformance tests of a search space:
 *
 * ```ts
 * describeSpace('mine', mySpace)
 * ```
 *
 * Spaces of up to 40,000 architectures are tested completely, larger ones on a sample.
 */
export function describeSpace(
  name: string,
  space: SearchSpace,
  { macros = [smallMacro], engine = () => loadEngine('wasm'), skip = [] }: SpaceConformanceOptions = {},
): void {
  const population = populationOf(space)
  const suite: SpaceSuite = {
    space,
    macros,
    population,
    isWhole: space.size <= mostVisited,
    architecture: fc.integer({ min: 0, max: space.size - 1 }).map((index) => space.at(index)),
    engine: async () => engine(),
    law(title, body) {
      const excuse = skip.find(({ law }) => law === title)
      if (excuse !== undefined) process.stdout.write(`skipped: ${name}: ${title}: ${excuse.reason}\n`)
      it.skipIf(excuse !== undefined)(title, body, 60_000)
    },
  }
  describe(`search space ${name}`, () => {
    spellingLaws(suite)
    decisionLaws(suite)
    canonicalLaws(suite)
    networkLaws(suite)
  })
}
