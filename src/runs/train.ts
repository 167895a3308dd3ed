import { withoutValidation } from '../datasets/joined-splits.js'
import { fullTrainingOptions } from '../evaluators/full-training/settings.js'
import { checkTrainingDirectory, openTrainingDirectory } from '../journal/training-directory.js'
import { sha256 } from '../platform/sha256.js'
import { createSearchSpace } from '../spaces/registry.js'
import { workerSetup } from '../studies/index.js'
import { checkConfiguration, checkOptions, checkText } from './check-arguments.js'
import { Listeners } from './listeners.js'
import { configOf, inOneThread } from './own-parts.js'
import { prepareRun } from './prepare-run.js'
import { openExecutor } from './run-executor.js'
import { inMemory } from './run-location.js'
import type { RunRequest } from './run-request.js'
import { studyOptions } from './study-options.js'
import { surroundingsOf } from './surroundings.js'
import type { TrainEvent } from './train-event.js'
import { checkChoices, type TrainInput, type TrainOptions, trainChecks } from './train-options.js'
import { stoppedTraining, trainRepetitions } from './train-repetitions.js'
import { type TrainedRun, trainedRun } from './trained-run.js'
import { readStart, trainingRecord } from './training-record.js'
import { writeNetwork } from './write-network.js'

/**
 * Trains one architecture in full, by the settings `training`, and measures it on the test images. The result is that of
 * trial 0 of a search with the same seed, unless `patience`, `from` or `allData` change it.
 *
 * With a `directory` it writes a checkpoint after every epoch. Call it again with the same arguments after it was stopped or
 * killed: it goes on, to the same weights bit for bit.
 *
 * Without a worker (`isolation: none`, or parts as values) the training blocks this thread: `onEvent` is told of all epochs
 * when it has ended, and it cannot be stopped.
 *
 * @throws ConfigError, DataError, ArchitectureError, NetworkFileError or RunDirectoryError, before any work, if the input is
 * wrong; NoNetworkError if `signal` was aborted; FearNasError if the training diverges, takes longer than `trialTimeout` or
 * fails.
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
  checkChoices(given)
  const { architecture: spelling, ...settings } = input
  const {
    allData,
    directory,
    executor: wanted,
    from,
    patience,
    seeds,
    onEvent,
    onProgress,
    onWarning,
    signal: stop,
    ...parts
  } = given
  const count = seeds ?? 1
  const choices = { allData, from, patience, seeds }
  checkText(spelling, 'architecture, which train is to train,')
  const checked = configOf({ ...settings, evaluator: fullTrainingOptions, budget: { trials: 1 }, workers: 1 }, parts)
  const config = wanted === undefined ? inOneThread(checked) : checked
  if (directory !== undefined) checkTrainingDirectory(directory)
  const listeners = new Listeners<TrainEvent>({ onEvent, onProgress, onWarning, signal: stop })
  const { onEvent: tell, signal, ...hooks } = listeners.hooks
  const request: RunRequest<'search'> = { command: 'search', config, location: inMemory(), executor: wanted, hooks }
  const architecture = createSearchSpace(config.space).parse(spelling)
  const prepared = await prepareRun(request, {
    setup: (loaded, engine) => {
      const dataset = allData === true ? withoutValidation(loaded) : loaded
      return workerSetup(studyOptions('search', config, dataset, engine), dataset)
    },
  })
  const start = from === undefined ? null : readStart(from, architecture, surroundingsOf(prepared.setup))
  const record = trainingRecord(input, choices, { architecture, config, start }, prepared)
  listeners.check()
  if (signal.aborted) throw stoppedTraining(architecture, null)
  const store = directory === undefined ? null : openTrainingDirectory(directory, record)
  try {
    const executor = await openExecutor(request, prepared)
    try {
      const network = await trainRepetitions({
        architecture,
        seed: config.seed,
        count,
        epochs: prepared.setup.recipe.epochs,
        patience: patience ?? null,
        start: start?.weights,
        key: sha256(JSON.stringify(record.decides)),
        directory: directory ?? null,
        store,
        executor,
        signal,
        tell,
        warn: hooks.onWarning,
      })
      await listeners.settle()
      if (store !== null) {
        const stop = (): void => {
          if (signal.aborted) throw stoppedTraining(architecture, directory ?? null)
        }
        await writeNetwork(store, network, config, prepared, { onWarning: hooks.onWarning, stop })
        store.removeCheckpoints()
      }
      return trainedRun(network, prepared, directory ?? null)
    } catch (error) {
      // A listener that failed is why it was stopped.
      await listeners.settle()
      throw error
    } finally {
      await executor.close()
    }
  } finally {
    store?.close()
  }
}
