import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readJournal } from '../journal/read-journal.js'
import { type ReplayedArm, replay } from '../journal/replay.js'
import { journalFile } from '../journal/run-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import type { RankingSummary } from './ranking-summary.js'
import type { Summary } from './summary.js'

/** A search or a comparison: its figures, and from its journal every trial of every arm. */
export interface RecordedStudy {
  readonly kind: 'study'
  readonly summary: Summary
  readonly arms: ReadonlyMap<string, ReplayedArm>
  /** When it began, ISO 8601. */
  readonly date: string
}

/** A ranking, likewise; its arms are its methods. */
export interface RecordedRanking {
  readonly kind: 'ranking'
  readonly summary: RankingSummary
  readonly arms: ReadonlyMap<string, ReplayedArm>
  readonly date: string
}

export type RecordedRun = RecordedStudy | RecordedRanking

/**
 * Reads what a run left in its directory: `summary.json`, and `journal.jsonl` or `journal.jsonl.gz`.
 *
 * @throws RunDirectoryError if one is missing or the directory holds something else; JournalError for a damaged journal.
 */
export async function readRun(directory: string): Promise<RecordedRun> {
  const file = path.join(directory, 'summary.json')
  if (!existsSync(file)) {
    throw new RunDirectoryError(
      `${directory} holds no summary.json. Name the directory of a run of compare, search or rank; a run that was ` +
        `killed has a summary after: fear-nas resume ${directory}`,
    )
  }
  const journal = journalFile(directory)
  if (journal === null) {
    throw new RunDirectoryError(
      `${directory} holds no journal.jsonl or journal.jsonl.gz. Name the directory of one run, such as seed-1 of ` +
        'repetitions with --seeds.',
    )
  }
  const run = replay((await readJournal(journal)).events)
  if (run === null) throw new RunDirectoryError(`${journal} has no complete line. Restore it.`)
  const { arms, started } = run
  const summary = parseSummary(readFileSync(file, 'utf8'), file)
  return started.command === 'rank'
    ? { kind: 'ranking', summary: summary as RankingSummary, arms, date: started.date }
    : { kind: 'study', summary: summary as Summary, arms, date: started.date }
}

function parseSummary(text: string, file: string): Summary | RankingSummary {
  let summary: unknown
  try {
    summary = JSON.parse(text)
  } catch {
    throw new RunDirectoryError(`${file} is not JSON. Restore it.`)
  }
  const schema = (summary as { readonly schema?: unknown } | null)?.schema
  if (schema !== 1) {
    throw new RunDirectoryError(
      `${file} is of version ${String(schema)}; this program reads version 1. Use the version of fear-nas that wrote it.`,
    )
  }
  return summary as Summary | RankingSummary
}
