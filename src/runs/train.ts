import { stringify } from 'yaml'
import { fullTrainingOptions } from '../evaluators/full-training/settings.js'
import { checkResultDirectory, createResultDirectory } from '../journal/result-directory.js'
import type { Model } from '../models/model.js'
import { encodeNetwork } from '../models/network-file.js'
import { FearNasError } from '../platform/errors.js'
import { fullTrainingTask } from '../search/finalists.js'
import { createSearchSpace } from '../spaces/registry.js'
import { workerSetup } from '../studies/index.js'
import { checkConfiguration, checkOptions, checkText, type OptionChecks } from './check-arguments.js'
import { NoNetworkError } from './finished-runs.js'
import { followTraining } from './follow-training.js'
import { Listeners } from './listeners.js'
import { checkOpenOptions, type LoadNetworkOptions, openModel } from './load-network.js'
import { runOptions } from './option-checks.js'
import { configOf, inOneThread } from './own-parts.js'
import { prepareRun } from './prepare-run.js'
import { openExecutor } from './run-executor.js'
import { inMemory } from './run-location.js'
import type { RunInput, RunOptions } from './run-options.js'
import type { RunRequest } from './run-request.js'
import { studyOptions } from './study-options.js'
import { surroundingsOf } from './surroundings.js'
import type { TrainEvent } from './train-event.js'

/** The settings of a configuration that decide a full training, and the architecture. */
export interface TrainInput
  extends Pick<RunInput, 'clock' | 'data' | 'engine' | 'isolation' | 'seed' | 'space' | 'training' | 'trialTimeout'> {
  /** As the search space spells it. */
  readonly architecture: string
}

/** Where the network goes, and who is told. `directory` gets `network.bin`, `summary.json` and `config.yaml`. */
export interface TrainOptions extends Omit<RunOptions, 'evaluator' | 'onEvent' | 'signal' | 'strategy'> {
  readonly onEvent?: ((event: TrainEvent) => unknown) | undefined
  /** Aborting it ends the training at its next step, or before it begins; nothing is written then. */
  readonly signal?: AbortSignal | undefined
}

const { evaluator: _evaluator, strategy: _strategy, ...trainOptions } = runOptions
const trainChecks: OptionChecks<TrainOptions> = trainOptions

/** A network that was trained in full. Accuracies in 0..1. */
export interface TrainedRun {
  readonly architecture: string
  readonly validationAccuracy: number
  readonly testAccuracy: number
  /** That a worker was busy with the training. */
  readonly computeSeconds: number
  readonly directory: string | null
  /** The network with its weights, ready to predict. */
  load(options?: Pick<LoadNetworkOptions, 'engine'>): Promise<Model>
}

/**
 * Trains one architecture in full, by the settings `training`, and measures it on the test images. The result is that of
 * trial 0 of a search with the same seed.
 *
 * Without a worker (`isolation: none`, or parts as values) the training blocks this thread: `onEvent` is told of all epochs
 * when it has ended, and it cannot be stopped.
 *
 * @throws ConfigError, DataError or ArchitectureError, before any work, if the input is wrong; NoNetworkError if `signal` was
 * aborted; FearNasError if the training diverges, takes longer than `trialTimeout` or fails.
 *
 * @example
 * const network = await train({
 *   architecture: '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|',
 *   data: { name: 'fashion-mnist', train: 2000, validation: 1000 },
 *   space: { channels: 8, cells: 1 },
 *   training: { epochs: 12 },
 * })
 * console.log(network.testAccuracy)
 */
export async function train(input: TrainInput, given: TrainOptions = {}): Promise<TrainedRun> {
  checkConfiguration(input)
  checkOptions(given, trainChecks)
  const { architecture: spelling, ...settings } = input
  const { directory, executor: wanted, onEvent, onProgress, onWarning, signal: stop, ...parts } = given
  checkText(spelling, 'architecture, which train is to train,')
  const checked = configOf({ ...settings, evaluator: fullTrainingOptions, budget: { trials: 1 }, workers: 1 }, parts)
  const config = wanted === undefined ? inOneThread(checked) : checked
  if (directory !== undefined) checkResultDirectory(directory)
  const listeners = new Listeners<TrainEvent>({ onEvent, onProgress, onWarning, signal: stop })
  const { onEvent: tell, signal, ...hooks } = listeners.hooks
  const request: RunRequest<'search'> = {
    command: 'search',
    config,
    location: inMemory(),
    executor: wanted,
    hooks,
  }
  const architecture = createSearchSpace(config.space).parse(spelling)
  const prepared = await prepareRun(request, {
    setup: (dataset, engine) => workerSetup(studyOptions('search', config, dataset, engine), dataset),
  })
  const { setup } = prepared
  const { epochs } = setup.recipe
  listeners.check()
  if (signal.aborted) throw stopped(architecture)
  const executor = await openExecutor(request, prepared)
  try {
    tell?.({ kind: 'training-started', architecture, epochs })
    const task = fullTrainingTask(config.seed, 0, architecture)
    const onEpoch = (epoch: number): void => tell?.({ kind: 'epoch-finished', architecture, epoch, epochs })
    const { outcome, weights } = await followTraining(executor, task, epochs, { onEpoch, signal })
    tell?.({ kind: 'training-finished', architecture, outcome })
    if (outcome.kind === 'aborted') {
      await listeners.settle()
      throw stopped(architecture)
    }
    if (outcome.kind !== 'scored' || outcome.validationAccuracy === null || weights === undefined) {
      const why = outcome.kind === 'failed' ? ` (${outcome.message})` : ''
      throw new FearNasError(`The training of ${architecture} ended as ${outcome.kind}${why}.`)
    }
    const { validationAccuracy } = outcome
    const testAccuracy = await executor.test({ architecture, weights })
    const { computeSeconds } = outcome.cost
    const figures = { architecture, validationAccuracy, testAccuracy, computeSeconds }
    const facts = { architecture, validationAccuracy, trial: 0 }
    const surroundings = surroundingsOf(setup)
    if (directory !== undefined) {
      const write = createResultDirectory(directory)
      write('config.yaml', stringify(JSON.parse(JSON.stringify(config))))
      write('network.bin', encodeNetwork(facts, surroundings, weights))
      write('summary.json', `${JSON.stringify({ schema: 1, command: 'train', ...figures, config }, null, 2)}\n`)
    }
    await listeners.settle()
    return {
      ...figures,
      directory: directory ?? null,
      async load(options = {}) {
        checkOpenOptions(options)
        const { engine = setup.engine } = options
        const space = createSearchSpace(setup.space)
        return openModel({ ...facts, weights, surroundings }, { engine, surroundings, space })
      },
    }
  } finally {
    await executor.close()
  }
}

function stopped(architecture: string): NoNetworkError {
  return new NoNetworkError(`The training of ${architecture} was stopped before its end. Run it again.`, null, null)
}
