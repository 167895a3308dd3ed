import path from 'node:path'
import { writeFileAtomic } from '../platform/files.js'
import { messageOf } from '../platform/message-of.js'
import { renderReport } from '../reports/html/report.js'
import { readRun } from '../results/recorded-run.js'
import { writeError } from './output.js'

/**
 * Writes `report.html` into the directory of a run that has its `summary.json`. A picture is no reason to lose a run:
 * what goes wrong becomes a line on standard error.
 */
export async function drawReport(directory: string): Promise<void> {
  try {
    writeFileAtomic(path.join(directory, 'report.html'), await renderReport(await readRun(directory)))
  } catch (error) {
    const reason = messageOf(error)
    writeError(`report.html was not written: ${reason} The run is complete without it.\n`)
  }
}
