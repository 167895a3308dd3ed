import type { Command } from 'commander'
import { holdsTraining } from '../journal/training-directory.js'
import { secondsSince, systemClock } from '../platform/clock.js'
import { renderStatus } from '../reports/status/status-text.js'
import { renderTrainingStatus } from '../reports/status/training-text.js'
import { readRunStatus } from '../results/status/run-status.js'
import { readTrainingStatus } from '../results/status/training-status.js'
import { planOf } from '../runs/run-plan.js'
import { pathArgument, printJson } from './options.js'
import { writeOut } from './output.js'

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('show the progress of a run or a training: process, best so far, and time left')
    .argument('<dir>', 'a run directory, such as results/quick-20260131-154500', pathArgument)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
It only reads the directory. Use it from any terminal, during or after the run.

Examples:
  fear-nas status results/quick-20260131-154500
  watch -n 5 fear-nas status results/quick-20260131-154500
  fear-nas status results/quick-20260131-154500 --json | jq .state`,
    )
    .action(async (directory: string, { json }: { readonly json?: true }) => {
      const secondsAgo = (date: string): number => secondsSince(date, systemClock)
      if (holdsTraining(directory)) {
        const status = readTrainingStatus(directory, systemClock)
        return json ? printJson(status) : writeOut(`${renderTrainingStatus(status, secondsAgo)}\n`)
      }
      const status = await readRunStatus(directory, planOf, systemClock)
      return json ? printJson(status) : writeOut(`${renderStatus(status, secondsAgo)}\n`)
    })
}
