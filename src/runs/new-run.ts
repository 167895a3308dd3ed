import { checkCommand } from './check-command.js'
import { configOf, inOneThread } from './own-parts.js'
import { inMemory, newDirectory } from './run-location.js'
import type { RunInput, RunOptions } from './run-options.js'
import type { RunCommand, RunHooks, RunRequest } from './run-request.js'

/**
 * A run that a program asks for, checked as far as that is possible without its images.
 *
 * @throws ConfigError with a line for each thing wrong.
 */
export function newRun<Command extends RunCommand>(
  command: Command,
  input: RunInput,
  { directory, executor, ...options }: RunOptions,
): RunRequest<Command> {
  const checked = configOf(input, options)
  const config = executor === undefined ? inOneThread(checked) : checked
  checkCommand(command, config)
  const location = directory === undefined ? inMemory() : newDirectory(directory)
  return { command, config, location, executor, hooks: hooksOf(options) }
}

export function hooksOf({ onEvent, onProgress, onWarning, signal }: RunHooks): RunHooks {
  return { onEvent, onProgress, onWarning, signal }
}
