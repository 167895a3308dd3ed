import { type Command, InvalidArgumentError } from 'commander'
import { checkSimulation } from '../config/check-simulation.js'
import { loadYaml } from '../config/load-config.js'
import { type SimulationConfig, simulationSchema } from '../config/schema/simulation.js'
import { systemClock } from '../platform/clock.js'
import { counted } from '../platform/count.js'
import { ConfigError } from '../platform/errors.js'
import { formatDuration } from '../reports/format.js'
import { renderSimulation } from '../reports/simulation-table.js'
import { runSimulationJob } from '../runs/simulate.js'
import { searchSpaceNames } from '../spaces/registry.js'
import { strategyNames } from '../strategies/registry.js'
import { collect, pathArgument, positiveInteger, printJson, printNote } from './options.js'
import { writeOut } from './output.js'
import { createProgressReporter } from './progress.js'

/** Columns with the seconds per evaluation, the column of these seconds, or null if unknown. */
type Selections = SimulationConfig['select']

interface SimulateOptions {
  readonly select?: Selections
  readonly fidelity?: Selections
  readonly report?: string
  readonly strategy: readonly string[]
  readonly searches?: number
  readonly trials?: number
  readonly seconds?: number
  readonly workers?: number
  readonly duplicates?: string
  readonly space?: string
  readonly partial?: true
  readonly seed?: string
  readonly set: readonly string[]
  readonly out?: string
  readonly quiet?: true
  readonly json?: true
}

export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('run thousands of searches on a table of accuracies, in simulated time')
    .argument(
      '<table or config>',
      'a CSV file with a column arch, or a YAML file that names one (.yaml, .yml)',
      pathArgument,
    )
    .option(
      '--select <column[=seconds]>',
      'a column to select by, with the seconds per evaluation (repeatable)',
      select,
    )
    .option(
      '--fidelity <column[=seconds]>',
      'for successive-halving and asha: a column as fidelity, the cheapest first (repeatable)',
      select,
    )
    .option('--report <column>', 'the column of accuracies to report')
    .option(
      '--strategy <name>',
      `${strategyNames.join(', ')} or the path of a module (repeatable); default: all but the two for fidelities`,
      collect,
      [],
    )
    .option('--searches <n>', 'searches per strategy and selection (default: 1000)', positiveInteger)
    .option('--trials <n>', 'maximum evaluations per search (default: 200)', positiveInteger)
    .option('--seconds <n>', 'simulated seconds after which a search starts no new evaluation', positiveInteger)
    .option('--workers <n>', 'simulated workers per search (default: 1)', positiveInteger)
    .option('--duplicates <level>', 'when architectures count as the same: string, nats-bench or isomorphism')
    .option(
      '--space <name>',
      `the space of the column arch: ${searchSpaceNames.join(', ')} or a module (default: nats-tss)`,
    )
    .option('--partial', 'search only the architectures in the table, if it lacks some of the space')
    .option('--seed <seed>', 'seed of all random numbers (default: 1)')
    .option('--set <path=value>', 'override a setting (repeatable)', collect, [])
    .option('--out <dir>', 'write summary.json, curves.json and config.yaml there', pathArgument)
    .option('--quiet', 'print nothing but the result')
    .option('--json', 'print the summary as JSON on standard output, progress on standard error')
    .addHelpText(
      'after',
      `
A search selects by one column and reports another. Selecting by a cheap column (12 epochs of training) and
reporting an expensive one (200 epochs) shows the value of the cheap one. Searches that select by the report column
itself are always run too, unless --seconds is given and their seconds are unknown. With =seconds, or =column with the seconds of each architecture, there are curves against simulated time.

Examples:
  fear-nas simulate nats-tss-accuracy.csv --select cifar10_val_12ep=12 --report cifar10_test
  fear-nas simulate nats-tss-accuracy.csv --report cifar10_test --trials 15625 --searches 1 --duplicates string
  fear-nas simulate scores.csv --partial --select fear=fear_seconds --select synflow --report test --json
  fear-nas simulate simulation.yaml --searches 5000 --out results/simulation`,
    )
    .action(simulateAndPrint)
}

async function simulateAndPrint(file: string, options: SimulateOptions): Promise<void> {
  const { out, json = false, quiet = false } = options
  const config = loadSimulation(file, options)
  const progress = createProgressReporter({ stream: json ? process.stderr : process.stdout, clock: systemClock, quiet })
  try {
    const { curves, summary } = await runSimulationJob(config, {
      directory: out,
      onProgress: (fraction, message) => progress.task(fraction, message),
    })
    progress.done()
    if (json) return printJson(summary)
    const { reportUnit, wallSeconds } = summary
    const searches = summary.arms.length * config.searches
    writeOut(
      `${renderSimulation({ ...summary, curves }, config.report)}\n` +
        `${config.report} was read as ${reportUnit === 'percent' ? 'percent: it has values above 1' : 'fractions of 1'}\n` +
        `${counted(searches, 'search', 'searches')} of ${lengthText(config)} in ${formatDuration(wallSeconds)}` +
        `${out === undefined ? '' : `; files in ${out}: summary.json, curves.json, config.yaml`}\n`,
    )
  } finally {
    progress.done()
  }
}

function lengthText({ seconds, trials }: SimulationConfig): string {
  return seconds === null
    ? counted(trials, 'trial')
    : `${formatDuration(seconds)} (at most ${counted(trials, 'trial')})`
}

/** From a YAML file with overrides of the command line, or, for a table, from the command line alone. */
function loadSimulation(file: string, options: SimulateOptions): SimulationConfig {
  const { report, searches, seconds, trials, workers, duplicates, space, partial, seed } = options
  const given = {
    report,
    searches,
    seconds,
    trials,
    workers,
    duplicates,
    space,
    partial,
    seed,
    select: options.select,
    fidelities: options.fidelity,
    strategies: options.strategy.length === 0 ? undefined : options.strategy,
  }
  const sets = Object.entries(given).flatMap(([name, value]) =>
    // JSON is valid YAML, and keeps a seed such as 007 as typed.
    value === undefined ? [] : [`${name}=${JSON.stringify(value)}`],
  )
  const loading = { check: checkSimulation, onNote: printNote }
  if (/\.ya?ml$/i.test(file)) return loadYaml(simulationSchema, file, [...sets, ...options.set], loading)
  if (report === undefined) {
    throw new ConfigError('--report is missing. Name the column of accuracies to report.')
  }
  return loadYaml(simulationSchema, null, [`table=${JSON.stringify(file)}`, ...sets, ...options.set], loading)
}

/** `COLUMN`, `COLUMN=SECONDS` or `COLUMN=COLUMN-WITH-SECONDS`. */
function select(text: string, previous: Selections = {}): Selections {
  const split = text.lastIndexOf('=')
  const column = split < 0 ? text : text.slice(0, split)
  const seconds = split < 0 ? null : text.slice(split + 1)
  if (column === '' || seconds === '')
    throw new InvalidArgumentError('It must be column, column=seconds or column=column.')
  const number = Number(seconds)
  if (seconds !== null && (number <= 0 || number === Infinity)) {
    throw new InvalidArgumentError('Seconds must be more than 0, and finite.')
  }
  return { ...previous, [column]: seconds === null || Number.isNaN(number) ? seconds : number }
}
