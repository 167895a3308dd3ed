import type { Command } from 'commander'
import { loadConfig, loadRunnableConfig } from '../config/load-config.js'
import { describeDoubled } from '../journal/doubled.js'
import { replayJournal } from '../journal/replay-journal.js'
import { checkResumable, journalPath } from '../journal/run-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import { pathWord } from '../platform/shell.js'
import { addToBudget, describeAddition } from '../runs/added-budget.js'
import { checkCode } from '../runs/code-consent.js'
import { checkExtension } from '../runs/extended-config.js'
import { recordedConfig } from '../runs/recorded-config.js'
import { collect, userPath } from './options.js'
import { writeError } from './output.js'
import { runRankCommand } from './rank-command.js'
import { runCommand } from './run-command.js'

interface ResumeOptions {
  readonly config?: string
  readonly add: readonly string[]
  readonly allowOtherDevice?: true
  readonly allowCode?: true
  readonly quiet?: true
  readonly json?: true
}

const examples = `  fear-nas resume results/quick-20260131-154500
  fear-nas resume results/quick --config more-arms.yaml   the same comparison, with arms beside those that are done
  fear-nas resume results/quick --add trials=50           with a larger budget, which the run keeps; also once it has ended
  fear-nas resume results/quick --add wallClock=30m --add trials=20`

export function addResumeCommand(program: Command): void {
  program
    .command('resume')
    .description('go on with a run that was stopped or killed; what is done is not done again')
    .argument('<dir>', 'its run directory, such as results/quick-20260131-154500', userPath)
    .option('--config <file>', 'go on with this configuration, which has more arms (comparisons only)', userPath)
    .option('--add <limit=amount>', 'raise a limit of the budget, such as trials=50 (repeatable)', collect, [])
    .option('--allow-other-device', 'go on with another instruction set or GPU than before; the report will say so')
    .option('--allow-code', "run the run's strategy module, although it may not be your own (docs/faults.md)")
    .option('--quiet', 'print nothing but warnings and the result')
    .option('--json', 'print the summary as JSON on standard output, progress on standard error')
    .addHelpText('after', `\nExamples:\n${examples}`)
    .action(async (directory: string, options: ResumeOptions) => {
      checkResumable(directory)
      const { run: earlier } = await replayJournal(journalPath(directory))
      if (earlier === null) {
        throw new RunDirectoryError(
          `The run in ${directory} was killed before it began. Give its command again, with --out ${pathWord(directory)}`,
        )
      }
      if (earlier.doubled.length > 0) writeError(`${describeDoubled(earlier.doubled)}\n`)
      const { command } = earlier.started
      const before = recordedConfig(directory, earlier)
      const other = options.config === undefined ? before : loadConfig(options.config)
      if (options.config !== undefined) checkExtension(options.config, before, other, earlier)
      const config = options.add.length === 0 ? other : addToBudget(other, options.add)
      const again = [
        ...(options.config === undefined ? [] : ['--config', options.config]),
        ...options.add.flatMap((text) => ['--add', text]),
      ]
      const device = options.allowOtherDevice ? ['--allow-other-device'] : []
      const code = options.allowCode ? ['--allow-code'] : []
      const isNamed = options.config !== undefined
      checkCode(directory, config, earlier, {
        allowed: options.allowCode ?? false,
        isNamed,
        options: [...again, ...device],
      })
      // With its place in the file.
      if (options.config !== undefined) loadRunnableConfig(options.config)
      if (config !== other && !options.quiet) writeError(`${describeAddition(other, config)}\n`)
      const run = {
        config,
        extended: config !== before,
        goingOn: { allowOtherDevice: options.allowOtherDevice, options: [...again, ...code] },
        directory,
        quiet: options.quiet ?? false,
        json: options.json ?? false,
        earlier,
      }
      await (command === 'rank' ? runRankCommand({ ...run, command }) : runCommand({ ...run, command }))
    })
}
