import type { Command } from 'commander'
import { secondsSince, systemClock } from '../platform/clock.js'
import { renderStatus } from '../reports/status/status-text.js'
import { readRunStatus } from '../results/status/run-status.js'
import { planOf } from '../runs/run-plan.js'
import { pathArgument, printJson } from './options.js'
import { writeOut } from './output.js'

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('show the progress of a run: process, arms, best trial so far, budget and time left')
    .argument('<dir>', 'a run directory, such as results/quick-20260131-154500', pathArgument)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
It only reads the run directory. Use it from any terminal, during or after the run.

Examples:
  fear-nas status results/quick-20260131-154500
  watch -n 5 fear-nas status results/quick-20260131-154500
  fear-nas status results/quick-20260131-154500 --json | jq .state`,
    )
    .action(async (directory: string, { json }: { readonly json?: true }) => {
      const status = await readRunStatus(directory, planOf, systemClock)
      if (json) printJson(status)
      else writeOut(`${renderStatus(status, (date) => secondsSince(date, systemClock))}\n`)
    })
}
