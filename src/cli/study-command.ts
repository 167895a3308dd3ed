import type { Command } from 'commander'
import type { Complaint } from '../config/issues.js'
import { loadRunnableConfig, placedError } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { engineNames } from '../engines/registry.js'
import { claimDirectory } from '../journal/run-directory.js'
import type { SeedPart } from '../platform/rng.js'
import { defaultDirectory } from './default-directory.js'
import { collect, printNote, seedList, userPath } from './options.js'
import type { RunOptions } from './run-options.js'

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

interface About<Name extends RunOptions['command']> {
  readonly description: string
  readonly examples: string
  /** @throws ConfigError if the command cannot run the configuration. */
  check(config: Config): void
  run(options: CommandOptions<Name>): Promise<unknown>
  /** Runs it once for each seed, each in a folder of its own; absent where the command has no such thing. */
  repeat?(options: CommandOptions<Name>, seeds: readonly SeedPart[]): Promise<unknown>
}

type CommandOptions<Name extends RunOptions['command']> = RunOptions & { readonly command: Name }

/** What `compare`, `search` and `rank` have in common: a configuration, its overrides and where the results go. */
export function addStudyCommand<Name extends RunOptions['command']>(
  program: Command,
  command: Name,
  about: About<Name>,
): void {
  const added = program
    .command(command)
    .description(about.description)
    .argument('<config>', 'a YAML configuration, such as search-configs/quick.yaml', userPath)
    .option('--set <path=value>', 'override a setting, such as training.epochs=20 (repeatable)', collect, [])
    .option('--out <dir>', 'the run directory (default: results/<config>-<time>)', userPath)
    .option('--workers <n>', 'worker threads, or auto; the same as --set workers=<n>')
    .option('--engine <name>', `${engineNames.join(', ')} or auto; the same as --set engine=<name>`)
    .option('--seed <seed>', 'the same as --set seed=<seed>')
    .option('--quiet', 'print nothing but warnings and the result')
    .option('--json', 'print the summary as JSON on standard output, progress on standard error')
    .addHelpText('after', `\nExamples:\n${about.examples}`)
    .action(async (file: string, options: StudyCommandOptions) => {
      const { workers, engine, seed } = options
      const shortcuts = Object.entries({ workers, engine, seed })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${value}`)
      const sets = [...options.set, ...shortcuts]
      const config = loadRunnableConfig(file, sets, printNote)
      about.check(config)
      const directory = options.out ?? defaultDirectory(file)
      const run = {
        command,
        config,
        configFile: file,
        directory,
        claimDirectory: options.out === undefined ? () => claimDirectory(directory) : undefined,
        quiet: options.quiet ?? false,
        json: options.json ?? false,
        refuse: (wrong: readonly Complaint[]) => placedError(file, sets, wrong),
      }
      await (options.seeds === undefined ? about.run(run) : about.repeat?.(run, options.seeds))
    })
  if (about.repeat !== undefined) {
    added.option(
      '--seeds <list>',
      'repeat it for each of these seeds, such as 1,2,3, in folders of their own',
      seedList,
    )
  }
}
