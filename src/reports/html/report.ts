import type { RecordedRun } from '../../results/recorded-run.js'
import { rankingReport } from './ranking-report.js'
import { studyReport } from './study-report.js'

/** The report of a run as one HTML file that needs no other. The same run gives the same bytes. */
export function renderReport(run: RecordedRun): Promise<string> {
  return run.kind === 'study' ? studyReport(run) : rankingReport(run)
}
