import type { NetworkSpec } from '../networks/network-spec.js'
import type { Rng } from '../platform/rng.js'

/** A point of a search space: its canonical spelling. Immutable, so a plain string is enough. */
export type Architecture = string

/**
 * When two architectures count as the same: `string` (spelt alike), `nats-bench` (NATS-Bench's own unique string,
 * which keeps some duplicates), `isomorphism` (the same function under commutativity, associativity, folded
 * identities and dropped zeros).
 */
export type DuplicateLevel = 'string' | 'nats-bench' | 'isomorphism'

/** The surroundings of the cells, which are not searched. */
export interface MacroSpec {
  /** Channels of the first stage; each of the two reductions doubles them. Unused where architectures choose widths. */
  readonly channels?: number | undefined
  /** Cells in each of the three stages. Unused likewise. */
  readonly cells?: number | undefined
  readonly input: { readonly channels: number; readonly height: number; readonly width: number }
  readonly classes: number
}

/** Makes a space a part of another by a rule. Which architectures belong to it shows as they are looked at. */
export interface PartOfSpace {
  readonly whole: SearchSpace
  holds(architecture: Architecture): boolean
}

/** A finite search space. Implementations are pure: every random choice comes from the Rng. */
export interface SearchSpace {
  readonly name: string
  /** Number of architectures by spelling. */
  readonly size: number
  /** The architecture at `index` in the space's own order, 0..size-1. */
  at(index: number): Architecture
  indexOf(architecture: Architecture): number
  /**
   * Checks and normalises a spelling.
   *
   * @throws ArchitectureError saying which part is wrong and what would be right.
   */
  parse(text: string): Architecture
  /** Equal exactly when two architectures are the same at `level`. */
  canonical(architecture: Architecture, level: DuplicateLevel): string
  /** Number of different canonical forms at `level`; null where the space is too large to count them. */
  distinct(level: DuplicateLevel): number | null
  /** Whether the network's output depends on its input. */
  isConnected(architecture: Architecture): boolean
  /** How many choices each of the space's decisions has: five for each edge of a cell with five operations. */
  readonly decisions: readonly number[]
  /** What an architecture chooses in each decision, from 0: what a model of scores is fitted to. */
  choices(architecture: Architecture): readonly number[]
  /** The architecture that chooses so, the inverse of `choices`; null where the space has none. */
  fromChoices(choices: readonly number[]): Architecture | null
  /** All architectures that differ in one operation. */
  neighbours(architecture: Architecture): readonly Architecture[]
  /** One architecture, uniformly at random. */
  sample(rng: Rng): Architecture
  network(architecture: Architecture, macro: MacroSpec): NetworkSpec
  /** Of a space that is a part of another and would have to look at all of that to count itself; else absent. */
  readonly part?: PartOfSpace | undefined
}
