import type { RankingSummary } from '../results/ranking-summary.js'
import { readRun } from '../results/recorded-run.js'
import { fellShort, shortfalls } from '../results/shortfalls.js'
import type { Summary } from '../results/summary.js'
import { writeError } from './output.js'

/** Of a run that did all of its work without a result. */
const shortfallExitCode = 1

/**
 * If a run ended without a result, says what happened and what to change, and makes the process exit with code 1.
 *
 * @param prefix of each line: which run it is, where there are several.
 */
export async function tellShortfall(directory: string, summary: Summary | RankingSummary, prefix = ''): Promise<void> {
  if (!fellShort(summary)) return
  process.exitCode = shortfallExitCode
  for (const line of shortfalls(await readRun(directory))) writeError(`${prefix}${line}\n`)
}
