import type { Dataset } from '../datasets/dataset.js'
import type { EngineOptions } from '../engines/registry.js'
import type { Evaluation, EvaluationRequest } from '../evaluators/evaluator.js'
import type { EvaluatorOptions } from '../evaluators/registry.js'
import type { NetworkWeights } from '../networks/weights.js'
import type { SpaceSetup } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { Channel, ChannelNumbers, ChannelRef } from './channel/channel.js'
import type { TaskBudget, TaskRejection } from './task-limits.js'

/** The setup of a worker, sent once. Plain data; the arrays of the data set are shared, not copied. */
export interface WorkerSetup {
  readonly dataset: Dataset
  readonly engine: EngineOptions
  readonly space: SpaceSetup
  readonly recipe: TrainingRecipe
  readonly timeoutSeconds: number
  /** How a trial's seconds are counted: wall-clock time (`wall`, the default) or CPU time of its worker (`cpu`). */
  readonly clock?: 'wall' | 'cpu' | undefined
  /** SHA-256 of the modules that workers load, by their names in the configuration. A worker refuses other files. */
  readonly modules?: Readonly<Record<string, string>> | undefined
}

/** One evaluation: an architecture and an evaluator. Plain data, which JSON can carry. */
export interface EvaluationTask extends EvaluationRequest {
  readonly evaluator: EvaluatorOptions
  /** Absent if it cannot be rejected by comparison with other trials. */
  readonly rejection?: TaskRejection | undefined
  /** Absent if the trial may finish whatever it costs. Ignored in simulated time. */
  readonly budget?: TaskBudget | undefined
  /** Its part of a channel that the executor has opened; needed for a `shared` rejection and for a budget. */
  readonly channel?: ChannelRef | undefined
}

/** Measures a trained network on the test images. Not part of any arm's time. Plain data but for the weights. */
export interface TestTask {
  readonly architecture: Architecture
  readonly weights: NetworkWeights
}

/**
 * Runs tasks, at most `workers` at a time; further tasks wait. A task that throws, hangs or kills its worker resolves
 * to a `failed` evaluation. The executor rejects only after `close`, with ConfigError or DataError if the input is
 * wrong, or with WorkerStartError if a dead worker cannot be replaced.
 */
export interface Executor {
  readonly workers: number
  evaluate(task: EvaluationTask): Promise<Evaluation>
  /** Test accuracy in 0..1. */
  test(task: TestTask): Promise<number>
  /**
   * Opens a channel for tasks of this executor.
   *
   * @param tasks how many tasks it has at most at a time
   */
  openChannel(numbers: ChannelNumbers, tasks: number): Channel
  /** Waits for running tasks and frees the workers. */
  close(): Promise<void>
}
