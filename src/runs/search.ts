import { executeRun } from './execute-run.js'
import { type SearchRun, searchRun } from './finished-runs.js'
import { newRun } from './new-run.js'
import type { RunInput, RunOptions } from './run-options.js'

/**
 * Searches for an architecture, trains the finalists in full and measures the best network: what `fear-nas search` does.
 *
 * Nothing is printed. Without `directory` nothing is written either.
 *
 * @throws ConfigError or DataError, before any work, if the configuration or the data set is wrong; NoNetworkError if no
 * network was trained in full; RunWriteError if the run directory cannot be written.
 *
 * @example
 * const run = await search({
 *   data: { name: 'fashion-mnist', train: 2000, validation: 2000 },
 *   space: { channels: 8, cells: 1 },
 *   budget: { trials: 40 },
 * })
 * console.log(run.best.architecture, run.best.testAccuracy)
 * const model = await run.loadBest()
 */
export async function search(config: RunInput, options: RunOptions = {}): Promise<SearchRun> {
  return searchRun(await executeRun(newRun('search', config, options)))
}
