import path from 'node:path'
import { writeFileAtomic } from '../platform/files.js'
import { messageOf } from '../platform/message-of.js'
import { renderReport } from '../reports/html/report.js'
import { readRecordedRun } from '../results/recorded-run.js'
import type { RunHooks } from './run-request.js'

/**
 * Writes `report.html` into the directory of a run that has its `summary.json`; nothing for a run in memory. A picture is
 * no reason to lose a run: what goes wrong becomes a warning.
 */
export async function drawReport(directory: string | null, { onWarning }: RunHooks): Promise<void> {
  if (directory === null) return
  try {
    writeFileAtomic(path.join(directory, 'report.html'), await renderReport(await readRecordedRun(directory)))
  } catch (error) {
    onWarning?.(`report.html was not written: ${messageOf(error)} The run is complete without it.`)
  }
}
