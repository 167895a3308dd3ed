import type { Dataset } from '../datasets/dataset.js'
import type { EngineName } from '../engines/engine.js'
import type { Evaluation, EvaluationRequest } from '../evaluators/evaluator.js'
import type { EvaluatorOptions } from '../evaluators/registry.js'
import type { NetworkWeights } from '../networks/weights.js'
import type { PlacedSpace } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { TaskBudget } from './shared-budget.js'

/** Everything a worker needs to know once. Plain data; the data set's arrays are shared, not copied. */
export interface WorkerSetup {
  readonly dataset: Dataset
  readonly engine: EngineName
  readonly space: PlacedSpace
  readonly recipe: TrainingRecipe
  readonly timeoutSeconds: number
  /**
   * What a trial's seconds are: those that pass (`wall`, the default), or those in which its worker has a processor
   * (`cpu`).
   */
  readonly clock?: 'wall' | 'cpu' | undefined
}

/** One architecture to be evaluated by one evaluator. */
export interface EvaluationTask extends EvaluationRequest {
  readonly evaluator: EvaluatorOptions
  readonly rejection: TaskRejection
  /** Absent where the trial is to finish whatever it costs. Not looked at in simulated time. */
  readonly budget?: TaskBudget | undefined
}

/**
 * Where the rejection reference comes from: `fixed`, known when the task is sent (deterministic), or `shared`, an
 * 8-byte SharedArrayBuffer that running trials read and lower (a Float64 by bits; Infinity when empty).
 */
export type TaskRejection =
  | { readonly kind: 'fixed'; readonly cheapest: number }
  | { readonly kind: 'shared'; readonly buffer: SharedArrayBuffer }

/** Measures a trained network on the test images. Not part of any arm's time. */
export interface TestTask {
  readonly architecture: Architecture
  readonly weights: NetworkWeights
}

/**
 * Runs tasks, at most `workers` at a time; more may be submitted and wait. A task that throws, hangs or takes its
 * worker down resolves to a `failed` evaluation: the executor itself only rejects after `close`, with ConfigError or
 * DataError where the input is at fault, or with WorkerStartError when a worker that was lost cannot be replaced.
 */
export interface Executor {
  readonly workers: number
  evaluate(task: EvaluationTask): Promise<Evaluation>
  /** Test accuracy in 0..1. */
  test(task: TestTask): Promise<number>
  /** Waits for running tasks and frees the workers. */
  close(): Promise<void>
}
