import { executeRun } from './execute-run.js'
import { type RankRun, rankRun } from './finished-runs.js'
import { newRun } from './new-run.js'
import type { RunInput, RunOptions } from './run-options.js'

/**
 * Has several evaluators score the same architectures and sets their ranks against full training: what `fear-nas rank`
 * does. Full trainings are kept in the cache folder, as there.
 *
 * @throws as `search`, but for NoNetworkError.
 *
 * @example
 * const { summary } = await rank({
 *   data: { name: 'fashion-mnist', train: 1000, validation: 1000, size: 14 },
 *   space: { channels: 4, cells: 1 },
 *   budget: { trials: 30 },
 *   rank: { evaluators: [{ name: 'fear' }, { name: 'zero-cost', measure: 'synflow' }] },
 * })
 * for (const { common, name } of summary.methods) console.log(name, common.at(-1)?.spearman.value)
 */
export async function rank(config: RunInput, options: RunOptions = {}): Promise<RankRun> {
  return rankRun(await executeRun(newRun('rank', config, options)))
}
