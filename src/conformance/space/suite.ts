import fc from 'fast-check'
import type { Engine } from '../../engines/engine.js'
import { createRng } from '../../platform/rng.js'
import type { Architecture, DuplicateLevel, MacroSpec, SearchSpace } from '../../spaces/search-space.js'

export type SpaceLaw =
  | 'at and indexOf are inverse, and no spelling comes twice'
  | 'at throws RangeError out of range'
  | 'parse takes what the space spells, with white space around it, and else throws ArchitectureError'
  | 'choices tell architectures apart, and are those of the decisions'
  | 'neighbours are all that differ in one decision'
  | 'sample is uniform and a function of the stream'
  | 'each level of canonical forms is coarser than the one before, and has as many forms as distinct says'
  | 'architectures of one canonical form are all connected or all not'
  | 'networks are well formed, and connected where the architecture is'
  | 'networks are the same each time, and plain data'
  | 'all networks may be frozen at the same cuts'
  | 'an engine trains its networks, which look at the image where the architecture is connected'

/** The data for each group of laws. */
export interface SpaceSuite {
  readonly space: SearchSpace
  /** The macros of the networks; the first is used for training. */
  readonly macros: readonly [MacroSpec, ...MacroSpec[]]
  /** All architectures, or a sample of a large space. */
  readonly population: readonly Architecture[]
  readonly isWhole: boolean
  readonly architecture: fc.Arbitrary<Architecture>
  readonly engine: () => Promise<Engine>
  /** Declares a law, unless the space's author gave a reason to skip it. */
  law(title: SpaceLaw, body: () => void | Promise<void>): void
}

/** From the finest to the coarsest. */
export const levels: readonly DuplicateLevel[] = ['string', 'nats-bench', 'isomorphism']

/** Maximum size of a space that is tested completely. */
export const mostVisited = 40_000

/** For a large space: random architectures with all their neighbours, which include duplicates. */
const visitedStarts = 40

export function populationOf(space: SearchSpace): readonly Architecture[] {
  if (space.size <= mostVisited) return Array.from({ length: space.size }, (_, i) => space.at(i))
  const rng = createRng('conformance', 'space')
  const starts = Array.from({ length: visitedStarts }, () => space.sample(rng))
  return [...new Set(starts.flatMap((start) => [start, ...space.neighbours(start)]))]
}

/** Indices of the whole space. */
export function anyIndex({ space }: SpaceSuite): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: space.size - 1 })
}
