import type { RankingSummary } from '../results/ranking-summary.js'
import { type RecordedRun, readRecordedRun } from '../results/recorded-run.js'
import { fellShort, shortfalls } from '../results/shortfalls.js'
import type { Summary } from '../results/summary.js'
import type { RunStore } from './run-store.js'

/** What happened to a run that did all of its work without a result, and what to change; empty for any other run. */
export async function shortfallOf(
  summary: Summary | RankingSummary,
  store: Pick<RunStore, 'directory' | 'replay'>,
): Promise<readonly string[]> {
  if (!fellShort(summary)) return []
  if (store.directory !== null) return shortfalls(await readRecordedRun(store.directory))
  return shortfalls({ summary, arms: (await store.replay())?.arms ?? new Map() } as Pick<
    RecordedRun,
    'summary' | 'arms'
  >)
}
