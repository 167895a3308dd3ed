import type { Command } from 'commander'
import type { SeedPart } from '../platform/rng.js'
import { pathWord } from '../platform/shell.js'
import { renderRepetitions } from '../reports/repetitions-table.js'
import { executeRun } from '../runs/execute-run.js'
import { repeatCompare } from '../runs/repeat-compare.js'
import { followRun, noteShortfall } from './follow-run.js'
import { printJson, printNote, seedList } from './options.js'
import { writeOut } from './output.js'
import { addStudyCommand, type StudyCommandRun } from './study-command.js'

export function addCompareCommand(program: Command): void {
  addStudyCommand(program, 'compare', {
    description:
      'compare searches over the same architectures: FEAR and full training, or the arms of the configuration',
    examples: `  fear-nas compare search-configs/quick.yaml
  fear-nas compare search-configs/fashion.yaml --set seed=2 --set evaluator.threshold=0.7 --out results/seed-2
  fear-nas compare search-configs/baselines.yaml      several arms: FEAR, short trainings, full training
  fear-nas compare search-configs/quick.yaml --seeds 1,2,3 --out results/quick      three runs and their means
The last command continues where it stopped if it is repeated.`,
    repeat,
  }).option('--seeds <list>', 'repeat it with each of these seeds, such as 1,2,3, in separate folders', seedList)
}

async function repeat(
  { claim, config, directory, json, quiet, source }: StudyCommandRun,
  seeds: readonly SeedPart[],
): Promise<void> {
  const { folder, summary } = await repeatCompare({
    command: 'compare',
    config,
    source,
    folder: directory,
    claim,
    seeds,
    hooks: { onWarning: printNote },
    onShortfall: noteShortfall,
    run: (request) =>
      followRun({ json, quiet, directory: request.location.directory ?? directory }, (hooks) =>
        executeRun({ ...request, hooks }),
      ),
  })
  if (summary === null) {
    printNote(`stopped early; finished trials are kept. Continue with the same command and --out ${pathWord(folder)}`)
  } else if (json) {
    printJson(summary)
  } else {
    writeOut(`${renderRepetitions(summary)}\nfiles in ${folder}: summary.json, seed-*\n`)
  }
}
