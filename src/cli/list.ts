import type { Command } from 'commander'
import { systemClock } from '../platform/clock.js'
import { renderList } from '../reports/status/list-table.js'
import { listRuns } from '../results/status/run-list.js'
import { planOf } from '../runs/run-plan.js'
import { pathArgument, printJson } from './options.js'
import { writeError, writeOut } from './output.js'

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('list the runs in a folder with their state, newest first')
    .argument('[dir]', 'the folder', pathArgument, 'results')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Lists runs of compare, search, rank and train, and the repetitions of compare --seeds. An unreadable run is listed as broken.

Examples:
  fear-nas list
  fear-nas list results/reference
  fear-nas list --json | jq '.runs[] | select(.state == "killed") | .directory'`,
    )
    .action(async (folder: string, { json }: { readonly json?: true }) => {
      const runs = await listRuns(folder, planOf, systemClock)
      if (json) printJson({ schema: 1, runs })
      else writeOut(`${renderList(runs, folder)}\n`)
      const broken = runs.filter(({ error }) => error !== null).length
      if (broken > 0) writeError(`${broken} of ${runs.length} could not be read; the others are listed\n`)
    })
}
