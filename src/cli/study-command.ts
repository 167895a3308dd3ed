import type { Command } from 'commander'
import { loadConfig } from '../config/load-config.js'
import type { Config } from '../config/schema.js'
import { engineNames } from '../engines/registry.js'
import { collect } from './options.js'
import { defaultDirectory, runCommand } from './run-command.js'
import type { StudyCommand } from './study-options.js'

interface StudyCommandOptions {
  readonly set: readonly string[]
  readonly out?: string
  readonly workers?: string
  readonly engine?: string
  readonly seed?: string
  readonly quiet?: true
  readonly json?: true
}

/** What `compare` and `search` have in common: a configuration, its overrides and where the results go. */
export function addStudyCommand(
  program: Command,
  command: StudyCommand,
  about: { readonly description: string; readonly examples: string; check(config: Config): void },
): void {
  program
    .command(command)
    .description(about.description)
    .argument('<config>', 'a YAML configuration, such as search-configs/quick.yaml')
    .option('--set <path=value>', 'override a setting, such as training.epochs=20 (repeatable)', collect, [])
    .option('--out <dir>', 'the run directory (default: results/<config>-<time>)')
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
      const config = loadConfig(file, [...options.set, ...shortcuts])
      about.check(config)
      await runCommand({
        command,
        config,
        directory: options.out ?? defaultDirectory(file),
        quiet: options.quiet ?? false,
        json: options.json ?? false,
      })
    })
}
