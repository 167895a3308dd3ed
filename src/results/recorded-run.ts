import { existsSync } from 'node:fs'
import path from 'node:path'
import { readRunStarted } from '../journal/read-journal.js'
import type { ReplayedArm, ReplayedRun } from '../journal/replay.js'
import { replayJournal } from '../journal/replay-journal.js'
import { journalFile } from '../journal/run-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import { readPlainFile } from '../platform/plain-file.js'
import { shownValue } from '../platform/value-checks.js'
import { resuming, worded } from '../platform/wording.js'
import type { RankingSummary } from './ranking-summary.js'
import type { Summary } from './summary.js'
import { checkSummary } from './summary-schema/check-summary.js'

/** A search or comparison: its figures, and every trial of every arm from its journal. */
export interface RecordedStudy {
  readonly kind: 'study'
  readonly summary: Summary
  /** Empty if the run has more than `mostReadTrials` trials. */
  readonly arms: ReadonlyMap<string, ReplayedArm>
  /** Start time, ISO 8601. */
  readonly date: string
}

/** A ranking; its arms are its methods. */
export interface RecordedRanking {
  readonly kind: 'ranking'
  readonly summary: RankingSummary
  readonly arms: ReadonlyMap<string, ReplayedArm>
  readonly date: string
}

export type RecordedRun = RecordedStudy | RecordedRanking

/**
 * The trials of longer runs are not read for charts: they would take gigabytes at the end of a run that already has
 * them in memory, and no chart shows that many.
 */
export const mostReadTrials = 50_000

/**
 * Reads the results in a run directory: `summary.json`, and `journal.jsonl` or `journal.jsonl.gz`.
 *
 * @throws RunDirectoryError if one is missing or the directory is not a run directory; JournalError for a damaged
 * journal.
 */
export async function readRecordedRun(directory: string): Promise<RecordedRun> {
  const file = path.join(directory, 'summary.json')
  if (!existsSync(file)) {
    throw new RunDirectoryError(
      worded`${directory} holds no summary.json. Name the directory of a run of compare, search or rank; a run that was killed has a summary after: ${resuming(directory)}`,
    )
  }
  const journal = journalFile(directory)
  if (journal === null) {
    throw new RunDirectoryError(
      `${directory} holds no journal.jsonl or journal.jsonl.gz. Name the directory of one run, such as seed-1 of ` +
        'repetitions.',
    )
  }
  const summary = readSummary(file)
  const isLong = trialsOf(summary) > mostReadTrials
  const run = isLong ? await beginning(journal) : (await replayJournal(journal)).run
  if (run === null) throw new RunDirectoryError(`${journal} has no complete line. Restore it.`)
  const { arms, started } = run
  const { date } = started
  const isRanking = started.command === 'rank'
  if (isRanking && 'methods' in summary) return { kind: 'ranking', summary, arms, date }
  if (!isRanking && !('methods' in summary)) return { kind: 'study', summary, arms, date }
  throw new RunDirectoryError(`${file} does not belong to the run in ${journal}, a ${started.command}. Restore it.`)
}

/** A run without its trials. */
async function beginning(journal: string): Promise<Pick<ReplayedRun, 'arms' | 'started'> | null> {
  const started = await readRunStarted(journal)
  return started && { started, arms: new Map() }
}

/** The number of trials of all arms. */
export function trialsOf(summary: Summary | RankingSummary): number {
  if ('methods' in summary) return summary.methods.length * summary.architectures.length
  return Object.values(summary.arms).reduce((sum, { trials }) => sum + trials, 0)
}

/** Maximum size of a summary; a ranking of a hundred thousand architectures has 20 MB. */
const mostSummaryBytes = 2 ** 28

/**
 * Reads a `summary.json`.
 *
 * @throws RunDirectoryError that names the file and the field if it is not a valid summary; FileKindError if it is not
 *   a plain file.
 */
export function readSummary(file: string): Summary | RankingSummary {
  let value: unknown
  try {
    value = JSON.parse(readPlainFile(file, { mostBytes: mostSummaryBytes }).toString('utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RunDirectoryError(`${file} is not JSON. Restore it.`)
  }
  const schema = (value as { readonly schema?: unknown } | null)?.schema
  if (schema !== 1 && schema !== undefined) {
    throw new RunDirectoryError(
      `${file} has version ${shownValue(schema)}; this program reads version 1. Use the version of fear-nas that wrote it.`,
    )
  }
  const checked = checkSummary(value)
  if ('summary' in checked) return checked.summary
  throw new RunDirectoryError(`${file} is not a valid summary: ${checked.problem}. Restore it.`)
}
