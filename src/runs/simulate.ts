import { stringify } from 'yaml'
import type { z } from 'zod'
import { checkSimulation } from '../config/check-simulation.js'
import { readValues } from '../config/load-config.js'
import { type SimulationConfig, simulationSchema } from '../config/schema/simulation.js'
import { type ColumnUnit, readAccuracyTable } from '../evaluators/tabular/accuracy-table.js'
import { checkResultDirectory, createResultDirectory } from '../journal/result-directory.js'
import { systemClock } from '../platform/clock.js'
import { createSearchSpace } from '../spaces/registry.js'
import { runSimulation, type SimulationOptions, type SimulationResult } from '../studies/index.js'
import { checkConfiguration, checkOptions, type OptionChecks } from './check-arguments.js'
import { Listeners } from './listeners.js'
import { runOptions } from './option-checks.js'
import type { RunHooks } from './run-request.js'

/** What a simulation is made of, with defaults left out; see docs/simulate.md for the settings. */
export type SimulationInput = z.input<typeof simulationSchema>

export interface SimulateOptions extends Pick<RunHooks, 'onProgress' | 'signal'> {
  /** For summary.json, curves.json and config.yaml; it must not hold results yet. Absent: nothing is written. */
  readonly directory?: string | undefined
}

const { directory: aDirectory, onProgress: aFollower, signal: aSignal } = runOptions
const simulateOptions: OptionChecks<SimulateOptions> = {
  directory: aDirectory,
  onProgress: aFollower,
  signal: aSignal,
}

/** The result as `summary.json` holds it. */
export interface SimulationSummary extends Omit<SimulationResult, 'curves'> {
  readonly schema: 1
  readonly command: string
  readonly config: SimulationConfig
  /** Whether the column of accuracies was read as percent or as fractions of 1. */
  readonly reportUnit: ColumnUnit
  readonly wallSeconds: number
}

export interface SimulationRun {
  readonly summary: SimulationSummary
  readonly curves: SimulationResult['curves']
}

/**
 * Runs thousands of searches on a table of accuracies, in simulated time: what `fear-nas simulate` does.
 *
 * @throws ConfigError or DataError, before any search, if a setting or the table is wrong; FearNasError if `signal` was
 * aborted: nothing is written then, and the simulation cannot be resumed.
 *
 * @example
 * const { summary } = await simulate({
 *   table: 'nats-tss-accuracy.csv',
 *   select: { cifar10_val_12ep: 12 },
 *   report: 'cifar10_test',
 *   strategies: ['random', 'regularized-evolution'],
 * })
 * for (const { strategy, select, accuracy } of summary.arms) console.log(strategy, select, accuracy.mean)
 */
export async function simulate(config: SimulationInput, options: SimulateOptions = {}): Promise<SimulationRun> {
  checkConfiguration(config)
  checkOptions(options, simulateOptions)
  return runSimulationJob(readValues(simulationSchema, config, { check: checkSimulation }), options)
}

/** As `simulate`, of a configuration that was checked. */
export async function runSimulationJob(
  config: SimulationConfig,
  { directory, ...given }: SimulateOptions,
): Promise<SimulationRun> {
  if (directory !== undefined) checkResultDirectory(directory)
  const listeners = new Listeners(given)
  const startedSeconds = systemClock.now()
  const { partial, space } = config
  const table = readAccuracyTable(config.table, { space: createSearchSpace(space), partial })
  const { onProgress, signal: stop } = listeners.hooks
  const services = { table, space, onProgress, stop }
  const { curves, ...figures } = await runSimulation(simulationOptions(config), services).catch((error: unknown) => {
    // It was stopped by an error of a listener.
    listeners.check()
    throw error
  })
  const wallSeconds = systemClock.now() - startedSeconds
  const { unit } = table.accuracies(config.report)
  const summary = {
    schema: 1,
    command: 'fear-nas simulate',
    config,
    reportUnit: unit,
    wallSeconds,
    ...figures,
  } as const
  if (directory !== undefined) {
    const write = createResultDirectory(directory)
    write('config.yaml', stringify(config))
    write('curves.json', `${JSON.stringify({ schema: 1, curves })}\n`)
    write('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
  }
  await listeners.settle()
  return { summary, curves }
}

function simulationOptions(config: SimulationConfig): SimulationOptions {
  const { table: _table, space: _space, partial: _partial, select, fidelities, ...options } = config
  return { ...options, selections: selectionsOf(select), fidelities: selectionsOf(fidelities) }
}

function selectionsOf(columns: SimulationConfig['select']): SimulationOptions['selections'] {
  return Object.entries(columns).map(([column, seconds]) => ({ column, seconds }))
}
