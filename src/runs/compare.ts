import { executeRun } from './execute-run.js'
import { type CompareRun, compareRun } from './finished-runs.js'
import { newRun } from './new-run.js'
import type { RunInput, RunOptions } from './run-options.js'

/**
 * Runs several searches over the same architectures and data and compares them: FEAR and full training, or the arms that
 * the configuration lists. What `fear-nas compare` does.
 *
 * @throws as `search`, but for NoNetworkError: an arm without a network has `best: null` in the summary.
 *
 * @example
 * const { summary } = await compare({
 *   data: { name: 'fashion-mnist', train: 1000, validation: 1000, size: 14 },
 *   space: { channels: 4, cells: 1 },
 *   budget: { trials: 12 },
 * })
 * console.log(summary.comparisons.fear?.speedup.computeSeconds)
 */
export async function compare(config: RunInput, options: RunOptions = {}): Promise<CompareRun> {
  return compareRun(await executeRun(newRun('compare', config, options)))
}
