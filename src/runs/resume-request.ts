import { loadConfig, loadRunnableConfig } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { replayJournal } from '../journal/replay-journal.js'
import { checkResumable, journalPath } from '../journal/run-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import { placing, type ResumeWords, worded } from '../platform/wording.js'
import { addToBudget, describeAddition } from './added-budget.js'
import { checkCode } from './code-consent.js'
import { checkExtension } from './extended-config.js'
import { recordedConfig } from './recorded-config.js'
import { earlierDirectory } from './run-location.js'
import type { RunHooks, RunRequest } from './run-request.js'

/** How a run is to go on. */
export interface Continuation {
  /** A YAML file of the same comparison with more arms. */
  readonly config?: string | undefined
  /** Limits of the budget to be raised, such as `trials=50` or `wallClock=30m`. */
  readonly add?: readonly string[] | undefined
  /** Whether the instruction set or the GPU may be another one than before; the report says so. */
  readonly allowOtherDevice?: boolean | undefined
  /** Whether modules may run that may not be your own; see docs/faults.md. */
  readonly allowCode?: boolean | undefined
}

/**
 * Reads how a run stands and what it is to go on with.
 *
 * @param continuation `restore`: puts back what a recorded configuration cannot hold
 * @param onRaised told in a line how the budget was raised
 * @throws RunDirectoryError if the directory holds no run that can go on; ConfigError if the run may not go on like this.
 */
export async function resumeRequest(
  directory: string,
  {
    config: file,
    add = [],
    allowCode = false,
    allowOtherDevice,
    restore = (config) => config,
  }: Continuation & { readonly restore?: ((recorded: Config) => Config) | undefined },
  hooks: RunHooks,
  onRaised: (text: string) => void = () => {},
): Promise<RunRequest> {
  checkResumable(directory)
  const { run: earlier } = await replayJournal(journalPath(directory))
  if (earlier === null) {
    throw new RunDirectoryError(
      worded`The run in ${directory} was killed before its first record. Start it again, with ${placing(directory)}`,
    )
  }
  const before = restore(recordedConfig(directory, earlier))
  const other = file === undefined ? before : loadConfig(file)
  if (file !== undefined) checkExtension(file, before, other, earlier)
  const config = add.length === 0 ? other : addToBudget(other, add)
  // Refusals repeat them in what they suggest.
  const again: ResumeWords = { config: file, add }
  checkCode(directory, config, earlier, {
    allowed: allowCode,
    isNamed: file !== undefined,
    options: { ...again, allowOtherDevice },
  })
  // With its position in the file.
  if (file !== undefined) loadRunnableConfig(file)
  if (config !== other) onRaised(describeAddition(other, config))
  const location = earlierDirectory({
    directory,
    run: earlier,
    isExtended: config !== before,
    goingOn: { allowOtherDevice, options: { ...again, allowCode } },
  })
  return { command: earlier.started.command, config, location, hooks }
}
