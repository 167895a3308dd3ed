import type { Dataset } from '../datasets/dataset.js'
import type { Engine } from '../engines/engine.js'
import type { NetworkSpec } from '../networks/network-spec.js'
import type { NetworkWeights } from '../networks/weights.js'
import type { Clock } from '../platform/clock.js'
import type { SeedPart } from '../platform/rng.js'
import type { SpaceOptions } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { Cost, Outcome } from './outcome.js'
import type { MeasureName } from './zero-cost/measure.js'

/** One architecture to be evaluated. Plain data: it crosses thread borders. */
export interface EvaluationRequest {
  readonly architecture: Architecture
  /** Names the streams of this trial: `createRng(...trialSeed, 'weights')` makes its initial weights. */
  readonly trialSeed: readonly SeedPart[]
  /** Names the streams that all trials share: the order of the images in each epoch, as FEAR's authors do. */
  readonly dataSeed: readonly SeedPart[]
}

/** What an evaluator may use. Belongs to one worker thread. */
export interface EvaluationContext {
  readonly engine: Engine
  readonly dataset: Dataset
  readonly recipe: TrainingRecipe
  readonly clock: Clock
  readonly rejection: RejectionReference
  /** Builds the network of an architecture for the data set in use. */
  network(architecture: Architecture): NetworkSpec
  /** A trial that is busy longer ends as `timed-out`; checked after every step. Infinity for no limit. */
  readonly timeoutSeconds: number
  /**
   * Told after every step what the trial has cost. Once it says true the trial ends as `aborted`: the budget of its
   * search is used up. Absent where running trials finish.
   */
  readonly isOverBudget?: ((spent: Cost) => boolean) | undefined
}

/**
 * The cheapest stage 1 so far, against which FEAR rejects slow learners. `cheapest` is asked whenever a
 * stage 1 is looked at, and may fall while a trial runs if trials run at the same time; `offer` is told the cost of each stage 1 that reached
 * the threshold.
 */
export interface RejectionReference {
  /** In the evaluator's cost unit; Infinity when there is none yet. */
  cheapest(): number
  offer(stage1: Cost): void
}

export interface Evaluation {
  readonly outcome: Outcome
  /** The trained network, for evaluators whose training is meant to be kept (full training). */
  readonly weights?: NetworkWeights
}

/**
 * Says what an architecture is worth, and what finding out cost. Synchronous: it owns its thread.
 *
 * A function of the request and context alone, except for measured seconds. Expected misfortune (divergence, time-out)
 * is an outcome; anything thrown becomes a `failed` outcome of this trial, except ConfigError and DataError, which end the
 * run. Must dispose every network it creates.
 */
export interface Evaluator {
  readonly name: string
  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation
}

/** FEAR's settings (Dey, Shah, Bubeck 2021, arXiv 2106.04010). */
export interface FearOptions {
  readonly name: 'fear'
  /** Train accuracy in (0, 1] that ends stage 1. */
  readonly threshold: number
  /** Stage 1 gives up after this many epochs (the paper's cap is 200). */
  readonly maxEpochs: number
  /** Reject when stage 1 costs at least `ratio` times the cheapest so far; null never rejects. */
  readonly ratio: number | null
  readonly cost: 'seconds' | 'work' | 'steps'
  readonly score: 'train' | 'validation'
  readonly stage1: {
    readonly batch: number
    readonly learningRate: number
    readonly schedule: 'cosine' | 'constant'
    /** When accuracy and cost are looked at: as each epoch ends (the paper's way), or after every step. */
    readonly check: 'epoch' | 'window'
    /** Steps over whose images the accuracy is taken with `check: 'window'`. They may reach back into earlier epochs. */
    readonly window: number
  }
  readonly stage2: {
    /** A cut's name (`cells.K`, `head`), or `last-stage`: the cells of the third stage and the head are trained. */
    readonly cut: string
    readonly epochs: number
    readonly batch: number
    readonly learningRate: number
    /** Compute the frozen trunk's features once. Needs training without augmentation. */
    readonly cacheFeatures: boolean
    readonly batchNorm: 'batch' | 'running'
    /** Which epoch of stage 2 is the score: the paper ranks by the last and searches by the best. */
    readonly scoreEpoch: 'last' | 'best'
  }
}

/** FEAR's settings as a configuration has them: `auto` stands for a threshold that a calibration finds. */
export interface FearSettings extends Omit<FearOptions, 'threshold'> {
  readonly threshold: number | 'auto'
  /** Of `auto` only; `defaultCalibration` unless told. */
  readonly calibration?: CalibrationSettings | undefined
}

/** How a threshold is found: what half of some networks reach in a short training. */
export interface CalibrationSettings {
  /** How many are drawn from the space. */
  readonly architectures: number
  /** Each is trained for so many epochs, and on to the end of the one in which it has had so many steps. */
  readonly epochs: number
  readonly steps: number
}

/** A training of a calibration: the first epochs of FEAR's stage 1, without a threshold. */
export interface CalibrationOptions extends Omit<CalibrationSettings, 'architectures'>, Pick<FearOptions, 'maxEpochs'> {
  readonly name: 'calibration'
  readonly stage1: FearOptions['stage1']
}

/** A short training of the whole network: the baseline `shortreg` of the FEAR paper (arXiv 2106.04010). */
export interface ShortTrainingOptions {
  readonly name: 'short-training'
  readonly epochs: number
  readonly batch: number
  readonly score: 'train' | 'validation'
  /** Which epoch's train accuracy is the score; the paper takes the best. */
  readonly scoreEpoch: 'best' | 'last'
}

/** A zero-cost measure of the untrained network (Abdelfattah et al., ICLR 2021, arXiv 2101.08134). */
export interface ZeroCostOptions {
  readonly name: 'zero-cost'
  readonly measure: MeasureName
  /** Images that the measure looks at. */
  readonly batch: number
}

/** Zero-cost measures of a network in training: Figure 4 of the FEAR paper (arXiv 2106.04010). */
export interface InTrainingOptions {
  readonly name: 'measures-in-training'
  readonly measures: readonly MeasureName[]
  /** Images that the measures look at. */
  readonly batch: number
  /** After how many epochs the network is measured, rising; 0 is untrained. Training ends with the last. */
  readonly epochs: readonly number[]
  /**
   * `paper`: rounds of one epoch, each with the recipe's learning rate, a new optimiser and the images in the same
   * order. `recipe`: the first epochs of full training as they are.
   */
  readonly training: 'paper' | 'recipe'
  /** The network is also measured after the first epoch whose train accuracy, in (0, 1], is this; null: it is not. */
  readonly threshold: number | null
}

/** Full training has no settings of its own: the recipe says everything. */
export interface FullTrainingOptions {
  readonly name: 'full-training'
}

/** Scores and costs looked up in a CSV file, for searches in simulated time; see `tabular/accuracy-table`. */
export interface TabularOptions {
  readonly name: 'tabular'
  /** The CSV file. */
  readonly table: string
  /** The search space of its column `arch`. */
  readonly space: SpaceOptions
  /** Whether architectures of the space may be missing. */
  readonly partial: boolean
  /** The column that is the score. */
  readonly score: string
  /** What an evaluation costs: seconds, the same for all, or the column that has them. */
  readonly seconds: number | string
}

export type EvaluatorOptions =
  | TabularOptions
  | FearOptions
  | ShortTrainingOptions
  | ZeroCostOptions
  | InTrainingOptions
  | FullTrainingOptions
  | CalibrationOptions

/** What a search may be asked for: an evaluator, or FEAR with a threshold still to be found. */
export type EvaluatorSettings = Exclude<EvaluatorOptions, FearOptions> | FearSettings
