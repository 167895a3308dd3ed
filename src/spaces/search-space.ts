import type { NetworkSpec } from '../networks/network-spec.js'
import type { Rng } from '../platform/rng.js'

/** An architecture, as the space's string for it. */
export type Architecture = string

/**
 * When two architectures count as the same: `string` (equal strings), `nats-bench` (NATS-Bench's own unique string,
 * which keeps some duplicates), `isomorphism` (the same function under commutativity, associativity, folded identities
 * and dropped zeros).
 */
export type DuplicateLevel = 'string' | 'nats-bench' | 'isomorphism'

/** The network around the cells, which is not searched. */
export interface MacroSpec {
  /** Channels of the first stage; each of the two reductions doubles them. Unused if architectures choose widths. */
  readonly channels?: number | undefined
  /** Cells in each of the three stages. Unused if architectures choose widths. */
  readonly cells?: number | undefined
  readonly input: { readonly channels: number; readonly height: number; readonly width: number }
  readonly classes: number
}

/** A rule that restricts a space. Architectures are checked on demand. */
export interface PartOfSpace {
  readonly whole: SearchSpace
  holds(architecture: Architecture): boolean
}

/** A finite search space. Implementations are pure: all randomness comes from the Rng. */
export interface SearchSpace {
  readonly name: string
  /** Number of architectures, counting each string. */
  readonly size: number
  /** The architecture at `index` in the space's own order, 0..size-1. */
  at(index: number): Architecture
  indexOf(architecture: Architecture): number
  /**
   * Parses an architecture; surrounding white space is ignored.
   *
   * @throws ArchitectureError saying which part is wrong and what is expected.
   */
  parse(text: string): Architecture
  /** The canonical form: equal exactly if two architectures are the same at `level`. */
  canonical(architecture: Architecture, level: DuplicateLevel): string
  /** Number of different canonical forms at `level`; null if the space is too large to count them. */
  distinct(level: DuplicateLevel): number | null
  /** Whether the network's output depends on its input. */
  isConnected(architecture: Architecture): boolean
  /** Number of choices of each decision: five for each edge of a cell with five operations. */
  readonly decisions: readonly number[]
  /** The choices of an architecture, from 0, one per decision; the input of models of scores. */
  choices(architecture: Architecture): readonly number[]
  /** The architecture with these choices, the inverse of `choices`; null if the space has none. */
  fromChoices(choices: readonly number[]): Architecture | null
  /** All architectures that differ in one operation. */
  neighbours(architecture: Architecture): readonly Architecture[]
  /** One architecture, uniformly at random. */
  sample(rng: Rng): Architecture
  network(architecture: Architecture, macro: MacroSpec): NetworkSpec
  /** For a restricted space that must check the whole space to count itself; otherwise absent. */
  readonly part?: PartOfSpace | undefined
}
