import type { Command } from 'commander'
import { loadRunnableConfig, locatedError } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { engineNames } from '../engines/registry.js'
import { claimDirectory } from '../journal/run-directory.js'
import type { SeedPart } from '../platform/rng.js'
import { checkCommand } from '../runs/check-command.js'
import { executeRun } from '../runs/execute-run.js'
import { claimedDirectory, newDirectory } from '../runs/run-location.js'
import type { ConfigSource, RunCommand } from '../runs/run-request.js'
import { defaultDirectory } from './default-directory.js'
import { followAndPrint } from './follow-run.js'
import { collect, pathArgument, printNote } from './options.js'

interface StudyCommandOptions {
  readonly set: readonly string[]
  readonly out?: string
  readonly workers?: string
  readonly engine?: string
  readonly seed?: string
  readonly seeds?: readonly SeedPart[]
  readonly quiet?: true
  readonly json?: true
}

/** What the command line says of a run. */
export interface StudyCommandRun {
  readonly config: Config
  readonly source: ConfigSource
  readonly directory: string
  /** Makes the directory of a run for which none was named; `directory` is then the path that is tried first. */
  readonly claim?: (() => string) | undefined
  readonly quiet?: boolean | undefined
  readonly json?: boolean | undefined
}

interface About {
  readonly description: string
  readonly examples: string
  /** Runs it once for each seed, each in a folder of its own; absent where the command has no option --seeds. */
  repeat?(run: StudyCommandRun, seeds: readonly SeedPart[]): Promise<void>
}

/** What `compare`, `search` and `rank` have in common: a configuration, its overrides and where the results go. */
export function addStudyCommand(program: Command, command: RunCommand, about: About): Command {
  return program
    .command(command)
    .description(about.description)
    .argument('<config>', 'a YAML configuration, such as search-configs/quick.yaml', pathArgument)
    .option('--set <path=value>', 'override a setting, such as training.epochs=20 (repeatable)', collect, [])
    .option('--out <dir>', 'the run directory (default: results/<config>-<time>)', pathArgument)
    .option('--workers <n>', 'worker threads, or auto; the same as --set workers=<n>')
    .option('--engine <name>', `${engineNames.join(', ')} or auto; the same as --set engine=<name>`)
    .option('--seed <seed>', 'the same as --set seed=<seed>')
    .option('--quiet', 'print nothing but warnings and the result')
    .option('--json', 'print the summary as JSON on standard output, progress on standard error')
    .addHelpText('after', `\nExamples:\n${about.examples}`)
    .action(async (file: string, options: StudyCommandOptions) => {
      const run = studyRun(command, file, options)
      if (options.seeds !== undefined) return about.repeat?.(run, options.seeds)
      const { claim, config, directory, source } = run
      const location = claim === undefined ? newDirectory(directory) : claimedDirectory(directory, claim)
      return followAndPrint(run, (hooks) => executeRun({ command, config, source, location, hooks }))
    })
}

function studyRun(
  command: RunCommand,
  file: string,
  { json, out, quiet, set, ...options }: StudyCommandOptions,
): StudyCommandRun {
  const { workers, engine, seed } = options
  const shortcuts = Object.entries({ workers, engine, seed })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
  const sets = [...set, ...shortcuts]
  const config = loadRunnableConfig(file, sets, printNote)
  checkCommand(command, config)
  const directory = out ?? defaultDirectory(file)
  return {
    config,
    source: { file, refuse: (wrong) => locatedError(file, sets, wrong) },
    directory,
    claim: out === undefined ? () => claimDirectory(directory) : undefined,
    quiet,
    json,
  }
}
