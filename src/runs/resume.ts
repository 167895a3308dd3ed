import { holdsTraining } from '../journal/training-directory.js'
import type { SearchEvent } from '../search/search-event.js'
import { aBoolean, checkOptions, checkText, isText, type OptionChecks } from './check-arguments.js'
import { executeRun } from './execute-run.js'
import { type CompareRun, compareRun, type RankRun, rankRun, type SearchRun, searchRun } from './finished-runs.js'
import { hooksOf } from './new-run.js'
import { runOptions } from './option-checks.js'
import { inOneThread } from './own-parts.js'
import { type Continuation, resumeRequest } from './resume-request.js'
import { resumeTraining } from './resume-training.js'
import type { RunOptions } from './run-options.js'
import type { RunRequest } from './run-request.js'
import type { StudyCommand } from './study-options.js'
import type { TrainEvent } from './train-event.js'
import type { TrainedRun } from './trained-run.js'
import { withValuesAgain } from './values-again.js'

/** How a run goes on, and who follows it. Parts that were values have to be passed again. */
export interface ResumeOptions extends Continuation, Omit<RunOptions, 'directory' | 'onEvent'> {
  /** Told the events of the command that the directory is of. */
  readonly onEvent?: ((event: SearchEvent | TrainEvent) => unknown) | undefined
}

const { directory: _directory, ...followed } = runOptions

const resumeOptions: OptionChecks<ResumeOptions> = {
  ...followed,
  add: {
    expected: "a list of limits to raise, such as ['trials=20']",
    holds: (value) => Array.isArray(value) && value.every(isText),
  },
  allowCode: aBoolean,
  allowOtherDevice: aBoolean,
  config: { expected: 'the path of a YAML file', holds: isText },
}

/**
 * Goes on with a run or a training that was stopped or killed, or with more of a budget; what is done is not done again. What
 * `fear-nas resume` does. `kind` says what the run is.
 *
 * @throws RunDirectoryError if the directory holds no run that can go on; ConfigError if the configuration was changed, or
 * if an option is wrong, or
 * a module may not be your own; IdentityError if results would not compare; NoNetworkError as `search`.
 *
 * @example
 * const run = await resume('results/mine', { add: ['trials=20'] })
 * if (run.kind === 'search') console.log(run.best.testAccuracy)
 */
export async function resume(
  directory: string,
  given: ResumeOptions = {},
): Promise<SearchRun | CompareRun | RankRun | TrainedRun> {
  checkText(directory, 'The directory of the run')
  checkOptions(given, resumeOptions)
  const { add, allowCode, allowOtherDevice, config, executor, ...options } = given
  if (holdsTraining(directory)) {
    const { evaluator: _evaluator, strategy: _strategy, ...followers } = options
    return resumeTraining(directory, { add, allowCode, allowOtherDevice, config }, { ...followers, executor })
  }
  const restore = (recorded: RunRequest['config']): RunRequest['config'] => {
    const restored = withValuesAgain(recorded, options)
    return executor === undefined ? inOneThread(restored) : restored
  }
  const continuation = { add, allowCode, allowOtherDevice, config, restore }
  const request = { ...(await resumeRequest(directory, continuation, hooksOf(options))), executor }
  if (request.command === 'rank') return rankRun(await executeRun({ ...request, command: 'rank' }))
  const run = await executeRun(request as RunRequest<StudyCommand>)
  return request.command === 'search' ? searchRun(run) : compareRun(run)
}
