import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../config/load-config.js'
import { readJournal } from '../journal/read-journal.js'
import { replay } from '../journal/replay.js'
import { journalPath } from '../journal/run-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import { addToBudget, describeAddition } from './added-budget.js'
import { checkExtension } from './extended-config.js'
import { collect } from './options.js'
import { runRankCommand } from './rank-command.js'
import { runCommand } from './run-command.js'

interface ResumeOptions {
  readonly config?: string
  readonly add: readonly string[]
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
    .argument('<dir>', 'its run directory, such as results/quick-20260131-154500')
    .option('--config <file>', 'go on with this configuration, which has more arms (comparisons only)')
    .option('--add <limit=amount>', 'raise a limit of the budget, such as trials=50 (repeatable)', collect, [])
    .option('--quiet', 'print nothing but warnings and the result')
    .option('--json', 'print the summary as JSON on standard output, progress on standard error')
    .addHelpText('after', `\nExamples:\n${examples}`)
    .action(async (directory: string, options: ResumeOptions) => {
      if (!existsSync(journalPath(directory))) {
        throw new RunDirectoryError(
          `${directory} holds no run to go on with: journal.jsonl is missing. Check the path; repetitions with --seeds go on when their command is given again.`,
        )
      }
      const { events } = await readJournal(journalPath(directory))
      const earlier = replay(events)
      if (earlier === null) {
        throw new RunDirectoryError(
          `${directory} holds a journal without a complete line. Start the run anew elsewhere.`,
        )
      }
      const { command } = earlier.started
      const before = loadConfig(path.join(directory, 'config.yaml'))
      const other = options.config === undefined ? before : loadConfig(options.config)
      if (options.config !== undefined) checkExtension(options.config, before, other, earlier)
      const config = options.add.length === 0 ? other : addToBudget(other, options.add)
      if (config !== other && !options.quiet) process.stderr.write(`${describeAddition(other, config)}\n`)
      const run = {
        config,
        extended: config !== before,
        directory,
        quiet: options.quiet ?? false,
        json: options.json ?? false,
        earlier,
      }
      await (command === 'rank' ? runRankCommand({ ...run, command }) : runCommand({ ...run, command }))
    })
}
