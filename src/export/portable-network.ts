import type { Dataset } from '../datasets/dataset.js'
import type { NetworkSpec } from '../networks/network-spec.js'
import type { NetworkWeights } from '../networks/weights.js'

/** A trained network with all that an exported file says of it. */
export interface PortableNetwork {
  readonly spec: NetworkSpec
  readonly weights: NetworkWeights
  /** In the order of the network's outputs. */
  readonly classNames: readonly string[]
  /** The network sees `(byte / 255 - mean) / std`, per channel. */
  readonly normalisation: Dataset['normalisation']
  readonly provenance: Provenance
}

/** Where a network comes from; null is unknown. Accuracies in 0..1. */
export interface Provenance {
  /** As the search space spells it. */
  readonly architecture: string
  readonly searchSpace: string
  /** The name of the run directory. */
  readonly run: string | null
  readonly trial: number | null
  readonly seed: number | string | null
  readonly dataset: { readonly name: string; readonly fingerprint: string } | null
  readonly validationAccuracy: number | null
  readonly testAccuracy: number | null
  /** What its owner says, such as `CC-BY-4.0`. */
  readonly licence: string | null
}
