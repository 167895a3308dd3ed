import { ConfigError } from '../platform/errors.js'
import { either, worded } from '../platform/wording.js'
import { aBoolean, isText, type OptionChecks } from './check-arguments.js'
import { runOptions } from './option-checks.js'
import type { RunInput, RunOptions } from './run-options.js'
import type { TrainEvent } from './train-event.js'

/** The settings of a configuration that decide a full training, and the architecture. */
export interface TrainInput
  extends Pick<RunInput, 'clock' | 'data' | 'engine' | 'isolation' | 'seed' | 'space' | 'training' | 'trialTimeout'> {
  /** As the search space spells it. */
  readonly architecture: string
}

/** How the network is trained, besides the configuration. */
export interface TrainChoices {
  /** Train on the training and the validation images together, for the network that is put to use. */
  readonly allData?: boolean | undefined
  /** The file of a network of the same architecture whose weights are the start. */
  readonly from?: string | undefined
  /**
   * End when so many epochs in a row were not better than the best by validation accuracy, and keep the best epoch's weights.
   * Absent: all epochs, and the last one's.
   */
  readonly patience?: number | undefined
  /** How many networks to train, which differ in their initial weights and the order of images; the best is kept. */
  readonly seeds?: number | undefined
}

/** Where the network goes, and who is told. */
export interface TrainOptions extends TrainChoices, Omit<RunOptions, 'evaluator' | 'onEvent' | 'signal' | 'strategy'> {
  /**
   * Gets the network, its metrics and its report, and a checkpoint after every epoch: with the same call a training that was
   * stopped or killed goes on, to the same weights.
   */
  readonly directory?: string | undefined
  readonly onEvent?: ((event: TrainEvent) => unknown) | undefined
  /** Aborting it ends the training at its next step, or before it begins. */
  readonly signal?: AbortSignal | undefined
}

const { evaluator: _evaluator, strategy: _strategy, ...kept } = runOptions
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1

export const trainChecks: OptionChecks<TrainOptions> = {
  ...kept,
  allData: aBoolean,
  from: { expected: 'the path of a network file', holds: isText },
  patience: { expected: 'a whole number of epochs, at least 1', holds: isCount },
  seeds: { expected: 'a whole number of at least 1', holds: isCount },
}

/** @throws ConfigError if the choices exclude each other. */
export function checkChoices({ allData = false, patience, seeds = 1 }: TrainChoices): void {
  if (!allData) return
  const other = patience !== undefined ? 'patience' : seeds > 1 ? 'seeds' : null
  if (other === null) return
  throw new ConfigError(
    worded`${other} goes by validation accuracy, and with ${either('allData', '--all-data')} there are no validation images. Leave one out.`,
  )
}
