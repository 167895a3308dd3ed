import { forwardFlops } from '../networks/flops.js'
import { parameterCount } from '../networks/parameters.js'
import type { Architecture, MacroSpec, SearchSpace } from './search-space.js'

/** The description of a search space by `fear-nas space`. */
export interface SpaceCounts {
  readonly architectures: number
  /** Number of architectures whose output depends on their input; null if there are too many to check. */
  readonly connected: number | null
  /** Numbers of distinct canonical forms; null if there are too many to check. */
  readonly canonical: { readonly natsBench: number; readonly isomorphism: number } | null
}

/** The description of one architecture by `fear-nas space`. */
export interface ArchitectureDescription {
  readonly architecture: Architecture
  readonly connected: boolean
  readonly canonical: { readonly natsBench: string; readonly isomorphism: string }
  /** Trainable parameters. */
  readonly params: number
  /** Forward FLOPs of one image; a multiply-add is two. */
  readonly flops: number
  readonly neighbours: readonly Architecture[]
}

/** Counts a search space: visits every architecture, unless it is too large. */
export function countSpace(space: SearchSpace): SpaceCounts {
  const natsBench = space.distinct('nats-bench')
  const isomorphism = space.distinct('isomorphism')
  if (natsBench === null || isomorphism === null) {
    return { architectures: space.size, connected: null, canonical: null }
  }
  let connected = 0
  for (let index = 0; index < space.size; index++) if (space.isConnected(space.at(index))) connected++
  return { architectures: space.size, connected, canonical: { natsBench, isomorphism } }
}

/**
 * Describes the architecture `text`, in a network of shape `macro`.
 *
 * @throws ArchitectureError if `text` is not an architecture of the space.
 * @throws ConfigError if `macro` is invalid for the space.
 */
export function describeArchitecture(space: SearchSpace, text: string, macro: MacroSpec): ArchitectureDescription {
  const architecture = space.parse(text)
  const network = space.network(architecture, macro)
  return {
    architecture,
    connected: space.isConnected(architecture),
    canonical: {
      natsBench: space.canonical(architecture, 'nats-bench'),
      isomorphism: space.canonical(architecture, 'isomorphism'),
    },
    params: parameterCount(network),
    flops: forwardFlops(network),
    neighbours: space.neighbours(architecture),
  }
}
