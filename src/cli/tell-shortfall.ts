import type { RankingSummary } from '../reports/ranking-summary.js'
import { readRun } from '../reports/recorded-run.js'
import { fellShort, shortfalls } from '../reports/shortfalls.js'
import type { Summary } from '../reports/summary.js'
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
