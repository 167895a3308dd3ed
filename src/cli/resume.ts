import type { Command } from 'commander'
import { holdsTraining } from '../journal/training-directory.js'
import { executeRun } from '../runs/execute-run.js'
import { type Continuation, resumeRequest } from '../runs/resume-request.js'
import { resumeTraining } from '../runs/resume-training.js'
import { followAndPrint } from './follow-run.js'
import { followTraining } from './follow-train.js'
import { collect, pathArgument, printNote } from './options.js'

interface ResumeOptions extends Continuation {
  readonly quiet?: true
  readonly json?: true
}

const examples = `  fear-nas resume results/quick-20260131-154500
  fear-nas resume results/quick --config more-arms.yaml   the same comparison with more arms
  fear-nas resume results/quick --add trials=50           a larger budget; also for a finished run
  fear-nas resume results/quick --add wallClock=30m --add trials=20`

export function addResumeCommand(program: Command): void {
  program
    .command('resume')
    .description('continue a run that was stopped or killed; finished trials are not repeated')
    .argument('<dir>', 'its run directory, such as results/quick-20260131-154500', pathArgument)
    .option('--config <file>', 'continue with this configuration, which has more arms (comparisons only)', pathArgument)
    .option('--add <limit=amount>', 'raise a limit of the budget, such as trials=50 (repeatable)', collect, [])
    .option('--allow-other-device', 'continue on another instruction set or GPU; the report will say so')
    .option('--allow-code', 'run the modules that this run names, even if they may not be yours (docs/faults.md)')
    .option('--quiet', 'print nothing but warnings and the result')
    .option('--json', 'print the summary as JSON on standard output, progress on standard error')
    .addHelpText('after', `\nExamples:\n${examples}`)
    .action(async (directory: string, { json, quiet, ...continuation }: ResumeOptions) => {
      if (holdsTraining(directory)) {
        return followTraining(directory, { json, quiet }, (followers) =>
          resumeTraining(directory, continuation, followers),
        )
      }
      await followAndPrint({ json, quiet, directory }, async (hooks) =>
        executeRun(await resumeRequest(directory, continuation, hooks, quiet ? undefined : printNote)),
      )
    })
}
