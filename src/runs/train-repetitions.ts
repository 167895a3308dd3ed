import type { Evaluation } from '../evaluators/evaluator.js'
import { resumableTraining } from '../evaluators/resumable-training/settings.js'
import type { EvaluationTask, Executor } from '../execution/executor.js'
import { checkpointName, type TrainingDirectory } from '../journal/training-directory.js'
import type { NetworkWeights } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import type { SeedPart } from '../platform/rng.js'
import { trainingAgain, worded } from '../platform/wording.js'
import type { Repetition } from '../results/network-metrics.js'
import { fullTrainingTask } from '../search/finalists.js'
import type { Architecture } from '../spaces/search-space.js'
import { bestByValidation } from '../statistics/best-by-validation.js'
import { readProgress, type TrainedEpoch } from '../training/checkpoint.js'
import { NoNetworkError } from './finished-runs.js'
import { followTraining } from './follow-training.js'
import type { TrainEvent } from './train-event.js'
import type { FinishedNetwork } from './write-network.js'

/** One network or several, which differ in their initial weights and the order of their images. */
export interface RepetitionsOptions {
  readonly architecture: Architecture
  readonly seed: SeedPart
  readonly count: number
  readonly epochs: number
  readonly patience: number | null
  /** The weights to begin with; absent: random ones. */
  readonly start: NetworkWeights | undefined
  /** Names the training in its checkpoints. */
  readonly key: string
  readonly directory: string | null
  /** Null: without checkpoints. */
  readonly store: TrainingDirectory | null
  readonly executor: Executor
  readonly signal: AbortSignal
  readonly tell: ((event: TrainEvent) => void) | undefined
  readonly warn: ((message: string) => void) | undefined
}

interface Trained {
  readonly evaluation: Evaluation & Required<Pick<Evaluation, 'weights' | 'trainedEpochs'>>
  readonly accuracies: Repetition
}

/** Trains all repetitions and gives the best by validation accuracy, the first of equal ones. */
export async function trainRepetitions(options: RepetitionsOptions): Promise<FinishedNetwork> {
  const { architecture, count } = options
  let best: { readonly index: number; readonly trained: Trained } | null = null
  const repetitions: Repetition[] = []
  let computeSeconds = 0
  for (let index = 0; index < count; index++) {
    const trained = await trainOne(options, index)
    computeSeconds += trained.evaluation.outcome.cost.computeSeconds
    repetitions.push(trained.accuracies)
    // The weights of the others are released.
    if (best === null || bestByValidation(repetitions) === index) best = { index, trained }
  }
  if (best === null) throw new RangeError('nothing was to be trained')
  const { accuracies, evaluation } = best.trained
  const { trainedEpochs: curve, weights } = evaluation
  const epoch = 1 + keptEpoch(curve, options.patience)
  const { testAccuracy, validationAccuracy } = accuracies
  return {
    facts: { architecture, validationAccuracy, trial: best.index },
    weights,
    curve,
    epoch,
    testAccuracy,
    repetitions,
    figures: { architecture, validationAccuracy, testAccuracy, computeSeconds, epoch, repetitions },
  }
}

/** From 0: with patience the best epoch by validation accuracy, otherwise the last. */
function keptEpoch(curve: readonly TrainedEpoch[], patience: number | null): number {
  return patience === null ? curve.length - 1 : bestByValidation(curve)
}

async function trainOne(options: RepetitionsOptions, index: number): Promise<Trained> {
  const { architecture, count, directory, epochs, executor, signal, store, tell } = options
  const which = count === 1 ? {} : { repetition: index + 1, repetitions: count }
  const checkpoint = store?.file(checkpointName(index + 1)) ?? null
  const done = checkpoint === null ? 0 : epochsDone(checkpoint, options)
  tell?.({ kind: 'training-started', architecture, ...which, epochs, done: done === 0 ? undefined : done })
  const evaluation = await followTraining(executor, taskOf(options, index, checkpoint), epochs, {
    checkpoint,
    done,
    signal,
    onEpoch: (epoch, figures) => tell?.({ kind: 'epoch-finished', architecture, ...which, epoch, epochs, figures }),
  })
  const { outcome, trainedEpochs, weights } = evaluation
  tell?.({ kind: 'training-finished', architecture, ...which, outcome })
  if (outcome.kind === 'aborted') throw stoppedTraining(architecture, directory)
  if (outcome.kind !== 'scored' || weights === undefined || trainedEpochs === undefined) {
    const why = outcome.kind === 'failed' ? ` (${outcome.message})` : ''
    throw new FearNasError(`The training of ${architecture} ended as ${outcome.kind}${why}.`)
  }
  const testAccuracy = await executor.test({ architecture, weights })
  return {
    evaluation: { outcome, weights, trainedEpochs },
    accuracies: { validationAccuracy: outcome.validationAccuracy, testAccuracy },
  }
}

/** Repetition 0 is trial 0 of a search with the same seed; each has its own weights and order of images. */
function taskOf(
  { architecture, key, patience, seed, start }: RepetitionsOptions,
  index: number,
  checkpoint: string | null,
): EvaluationTask {
  const task = fullTrainingTask(seed, index, architecture)
  return {
    ...task,
    dataSeed: index === 0 ? task.dataSeed : [...task.dataSeed, index],
    evaluator: resumableTraining({ checkpoint, key, patience }),
    ...(start !== undefined && { weights: start }),
  }
}

/** How many epochs a checkpoint saves. */
function epochsDone(checkpoint: string, { epochs, warn }: RepetitionsOptions): number {
  const progress = readProgress(checkpoint)
  if (progress === null) return 0
  const { canGoOn, history } = progress
  if (canGoOn || history.length >= epochs) return history.length
  warn?.('This engine does not tell its momentum (docs/engines.md), so the training starts again from its first epoch.')
  return 0
}

/** The error of a training that was stopped, with the way to go on. */
export function stoppedTraining(architecture: Architecture, directory: string | null): NoNetworkError {
  const next = directory === null ? 'Run it again.' : worded`Continue it: ${trainingAgain(directory)}`
  return new NoNetworkError(
    worded`The training of ${architecture} was stopped before its end. ${next}`,
    null,
    directory,
  )
}
