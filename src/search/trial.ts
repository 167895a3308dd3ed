import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import type { Lineage } from '../strategies/strategy.js'

export type { FinishedTrial } from '../strategies/strategy.js'

/** A running trial. It becomes a FinishedTrial with any outcome. */
export interface RunningTrial extends Lineage {
  /** The trial's number in its search: proposals counted from 0. */
  readonly index: number
  readonly architecture: Architecture
}

/** The trial whose seeds a trial has: itself, or the one it was promoted from. */
export function seedIndex({ index, origin }: Pick<RunningTrial, 'index' | 'origin'>): number {
  return origin ?? index
}

/**
 * Names a trial's own random streams: its initial weights depend on the run's seed and its index, not on the worker or
 * the time. All evaluators of a run start a trial from the same weights.
 */
export function trialSeed(runSeed: SeedPart, index: number): readonly SeedPart[] {
  return [runSeed, 'trial', index]
}

/** Names the streams that all trials of a run share: the order of the training images. */
export function dataSeed(runSeed: SeedPart): readonly SeedPart[] {
  return [runSeed, 'data']
}
