import { configSchema } from '../config/schema/config.js'
import { fullTrainingOptions } from '../evaluators/full-training/settings.js'
import { hasEndedTraining, readTraining, tidyTraining } from '../journal/training-directory.js'
import { ConfigError } from '../platform/errors.js'
import { checkCode } from './code-consent.js'
import type { Continuation } from './resume-request.js'
import { train } from './train.js'
import type { TrainChoices, TrainInput, TrainOptions } from './train-options.js'
import { recordedTraining, type TrainedRun } from './trained-run.js'

/**
 * Goes on with the training in a directory, as it was called. One that has ended is not repeated: what a kill in its last
 * moment has left is removed, and its result is given.
 *
 * @throws RunDirectoryError if the directory is damaged or in use; ConfigError if the continuation would change the training
 * or a module may not be your own; otherwise as `train`.
 */
export async function resumeTraining(
  directory: string,
  { add = [], allowCode = false, allowOtherDevice = false, config }: Continuation,
  options: Omit<TrainOptions, 'directory' | keyof TrainChoices>,
): Promise<TrainedRun> {
  if (add.length > 0 || allowOtherDevice || config !== undefined) {
    throw new ConfigError(
      `${directory} holds a training, which goes on as it was begun: its limits, configuration and device cannot be changed.`,
    )
  }
  const { call, modules = {} } = readTraining(directory)
  if (hasEndedTraining(directory)) {
    tidyTraining(directory)
    return recordedTraining(directory)
  }
  const { choices, input } = call as { readonly choices: TrainChoices; readonly input: TrainInput }
  const { architecture: _, ...settings } = input
  const parsed = configSchema.safeParse({ ...settings, evaluator: fullTrainingOptions, budget: { trials: 1 } }).data
  // What is wrong with its settings `train` says, before it runs any code.
  if (parsed !== undefined) {
    const recorded = { modules: new Map(Object.entries(modules)) }
    checkCode(directory, parsed, recorded, { allowed: allowCode, isNamed: false })
  }
  return train(input, { ...choices, ...options, directory })
}
