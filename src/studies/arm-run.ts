import type { Executor } from '../execution/executor.js'
import type { Journal } from '../journal/journal.js'
import type { ReplayedArm } from '../journal/replay.js'
import type { NetworkWeights } from '../networks/weights.js'
import type { Clock } from '../platform/clock.js'
import type { SeedPart } from '../platform/rng.js'
import type { TrainedNetwork } from '../search/best-network.js'
import type { Budget } from '../search/budget.js'
import type { SearchEvent } from '../search/search-event.js'
import type { FinishedTrial } from '../search/trial.js'
import type { MacroSpec, SearchSpace } from '../spaces/search-space.js'
import type { NetworkStore } from './network-store.js'
import type { ArmOptions, ArmResult } from './study.js'

/** What a study needs of the world around it. */
export interface StudyServices {
  readonly executor: Executor
  readonly clock: Clock
  readonly journal?: Journal | undefined
  readonly onEvent?: ((event: SearchEvent) => void) | undefined
  /** Told, with its weights, of each fully trained network that is the best of its arm so far. */
  readonly onBest?: ((arm: string, best: TrainedNetwork) => void) | undefined
  /** Where networks wait for their measurement on the test images; in memory unless told. */
  readonly networks?: NetworkStore | undefined
  /** Aborting it drains the study: running trials finish, and what there is becomes a valid partial result. */
  readonly stop?: AbortSignal | undefined
}

export interface ArmRunOptions {
  readonly seed: SeedPart
  readonly space: SearchSpace
  /** What stands around its cells, for the data set in use. */
  readonly macro: MacroSpec
  readonly budget: Budget
  readonly arm: ArmOptions
  /**
   * Whether every network that the arm trains in full is measured on the test images, for the statistics; else only
   * the one it hands over is.
   */
  readonly measuresAll?: boolean | undefined
  /** What earlier sessions of the run did of this arm. */
  readonly earlier?: ReplayedArm | undefined
}

/** An arm's result with what is too large for a summary. */
export interface ArmRun {
  readonly result: ArmResult
  /** In order of index. */
  readonly trials: readonly FinishedTrial[]
  /** In 0..1, by index of the trial: of the networks that were measured on the test images. */
  readonly testAccuracies: ReadonlyMap<number, number>
  /** Of the best network; null if there is none, or if it was measured in an earlier session. */
  readonly weights: NetworkWeights | null
}
