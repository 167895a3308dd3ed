import type { RankingSummary } from '../ranking-summary.js'
import type { Summary } from '../summary.js'
import { rankingSchema } from './ranking.js'
import { studySchema } from './study.js'

/*
 * The schema of summary.json, for the fields that reports use: the file may be edited, damaged or from another person.
 * Ranges are wide, but keep charts and sums meaningful. Other fields are kept unchanged.
 */

/** A summary, or its problem: the path of a field and a sentence. */
export type CheckedSummary = { readonly summary: Summary | RankingSummary } | { readonly problem: string }

/** Checks the contents of a summary.json. A ranking has methods, every other run has arms. */
export function checkSummary(value: unknown): CheckedSummary {
  const isRanking = typeof value === 'object' && value !== null && 'methods' in value
  const { data, error } = (isRanking ? rankingSchema : studySchema).safeParse(value)
  if (data !== undefined) return { summary: data as unknown as Summary | RankingSummary }
  const [issue] = error?.issues ?? []
  const where = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.')
  return { problem: `${where}: ${issue?.message ?? 'not a summary'}` }
}
