import type { LatencyMeter } from '../benchmarks/latency-meter.js'
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

/** What a study depends on: executor, clock, journal and stop signal. */
export interface StudyServices {
  readonly executor: Executor
  readonly clock: Clock
  readonly journal?: Journal | undefined
  readonly onEvent?: ((event: SearchEvent) => void) | undefined
  /** Called with each fully trained network, and its weights, that is the best of its arm so far. */
  readonly onBest?: ((arm: string, best: TrainedNetwork) => void) | undefined
  /** Measures how fast networks are here; absent where networks are only simulated. */
  readonly latency?: LatencyMeter | undefined
  /** Store for networks until they are measured on the test images; default: in memory. */
  readonly networks?: NetworkStore | undefined
  /** When aborted, running trials finish and the study ends with a valid partial result. */
  readonly stop?: AbortSignal | undefined
}

export interface ArmRunOptions {
  readonly seed: SeedPart
  readonly space: SearchSpace
  /** The network around the cells, for the data set in use. */
  readonly macro: MacroSpec
  readonly budget: Budget
  readonly arm: ArmOptions
  /**
   * Whether every fully trained network of the arm is measured on the test images, for the statistics; otherwise only
   * the final one.
   */
  readonly measuresAll?: boolean | undefined
  /** The results of earlier sessions for this arm. */
  readonly earlier?: ReplayedArm | undefined
}

/** An arm's result, including data too large for a summary. */
export interface ArmRun {
  readonly result: ArmResult
  /** In order of index. */
  readonly trials: readonly FinishedTrial[]
  /** Test accuracies in 0..1, by index of the trial, of the measured networks. */
  readonly testAccuracies: ReadonlyMap<number, number>
  /** Weights of the best network; null if there is none, or if it was measured in an earlier session. */
  readonly weights: NetworkWeights | null
}
