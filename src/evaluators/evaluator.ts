import type { Dataset } from '../datasets/dataset.js'
import type { Engine } from '../engines/engine.js'
import type { NetworkSpec } from '../networks/network-spec.js'
import type { NetworkWeights } from '../networks/weights.js'
import type { Clock } from '../platform/clock.js'
import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { Cost, Outcome } from './outcome.js'
import type { EvaluatorTraits } from './traits.js'

/** One architecture to evaluate. Plain data, because it is sent between threads. */
export interface EvaluationRequest {
  readonly architecture: Architecture
  /** Names the streams of this trial: `createRng(...trialSeed, 'weights')` makes its initial weights. */
  readonly trialSeed: readonly SeedPart[]
  /** Names the random streams that all trials share, such as the order of the images in each epoch. */
  readonly dataSeed: readonly SeedPart[]
}

/** The services an evaluator may use. Belongs to one worker thread. */
export interface EvaluationContext {
  readonly engine: Engine
  readonly dataset: Dataset
  readonly recipe: TrainingRecipe
  readonly clock: Clock
  readonly rejection: RejectionReference
  /** Builds the network of an architecture for the data set in use. */
  network(architecture: Architecture): NetworkSpec
  /** Time limit in seconds, checked after every step: a longer trial ends as `timed-out`. Infinity for no limit. */
  readonly timeoutSeconds: number
  /**
   * Called after every step with the trial's cost so far. If it returns true the trial ends as `aborted`, because the
   * budget of its search is used up. Absent if running trials may finish.
   */
  readonly isOverBudget?: ((spent: Cost) => boolean) | undefined
}

/**
 * The cheapest stage 1 so far, against which FEAR rejects slow learners. `cheapest` is asked at every check of a stage 1,
 * and may fall while a trial runs if trials run at the same time; `offer` is told the cost of each stage 1 that reached
 * the threshold.
 */
export interface RejectionReference {
  /** In the evaluator's cost unit; Infinity if there is none yet. */
  cheapest(): number
  offer(stage1: Cost): void
}

export interface Evaluation {
  readonly outcome: Outcome
  /** The trained network, if the evaluator trains in full. */
  readonly weights?: NetworkWeights
}

/**
 * Scores an architecture and says what that cost. Synchronous: it owns its thread.
 *
 * A function of the request and context alone, except for measured seconds. Divergence and time-outs are outcomes;
 * anything thrown becomes a `failed` outcome of this trial, except ConfigError and DataError, which end the run. Must
 * dispose every network it creates.
 *
 * @example
 * const evaluator: Evaluator = {
 *   name: 'mine',
 *   evaluate: (request, context) =>
 *     runTrial(request, context, 'train', (run) => {
 *       const trained = trainWhole(run, { ...context.recipe, epochs: 2 })
 *       if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
 *       return { outcome: scoreTraining(run, trained, { score: 'validation', scoreEpoch: 'last', batch: 128 }) }
 *     }),
 * }
 */
export interface Evaluator {
  readonly name: string
  /** What the rest of the program may assume of an evaluator from outside the package. Missing traits are as in `neutralTraits`. */
  readonly traits?: Partial<EvaluatorTraits>
  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation
}
