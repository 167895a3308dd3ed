import { checkConfiguration, checkOptions } from './check-arguments.js'
import { checkCommand } from './check-command.js'
import { runOptions } from './option-checks.js'
import { configOf, inOneThread } from './own-parts.js'
import { inMemory, newDirectory } from './run-location.js'
import type { RunInput, RunOptions } from './run-options.js'
import type { RunCommand, RunHooks, RunRequest } from './run-request.js'

/**
 * A run that a program asks for, checked as far as that is possible without its images.
 *
 * @throws ConfigError with a line for each thing wrong with the configuration or the options.
 */
export function newRun<Command extends RunCommand>(
  command: Command,
  input: RunInput,
  given: RunOptions,
): RunRequest<Command> {
  checkConfiguration(input)
  checkOptions(given, runOptions)
  const { directory, executor, ...options } = given
  const checked = configOf(input, options)
  const config = executor === undefined ? inOneThread(checked) : checked
  checkCommand(command, config)
  const location = directory === undefined ? inMemory() : newDirectory(directory)
  return { command, config, location, executor, hooks: hooksOf(options) }
}

export function hooksOf({ onEvent, onProgress, onWarning, signal }: RunHooks): RunHooks {
  return { onEvent, onProgress, onWarning, signal }
}
