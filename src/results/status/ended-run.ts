import { z } from 'zod'
import { readJournalEnds } from '../../journal/journal-ends.js'
import type { RunStarted } from '../../journal/journal-event.js'
import { readPlainFile } from '../../platform/plain-file.js'

/** The data of a finished run for a list. */
export interface EndedRun {
  readonly started: RunStarted
  readonly arms: number
  readonly trials: number
  readonly testAccuracy: number | null
  readonly speedup: number | null
}

const count = z.int().min(0)
const speedup = z.object({ computeSeconds: z.number().nullable() }).nullable()

/** The fields of a summary that a list shows. */
const studyFigures = z.object({
  arms: z.record(
    z.string(),
    z.object({ trials: count, best: z.object({ testAccuracy: z.number().min(0).max(1).nullable() }).nullable() }),
  ),
  speedup,
})
const outcomes = z.object({ outcomes: z.record(z.string(), count) })
const rankingFigures = z.object({ methods: z.array(outcomes), inTraining: outcomes.nullable().optional() })

/** Larger ones are not read for a list. */
const mostSummaryBytes = 2 ** 26

/**
 * A finished run, from the two ends of its journal and its summary, which is written just before the last line: a
 * hundredth of the time of reading the whole journal. Null if these are not enough, so that the whole journal must be
 * read.
 *
 * @throws JournalError if the first or the last line of the journal is damaged; FileKindError if it is no plain file.
 */
export function readEndedRun(journal: string, summaryFile: string): EndedRun | null {
  if (journal.endsWith('.gz')) return null
  const ends = readJournalEnds(journal)
  if (ends?.last.event !== 'run.finished' || ends.last.stopped) return null
  const figures = figuresOf(readSummary(summaryFile))
  return figures && { started: ends.started, ...figures }
}

/** Speed-up in compute time of the first comparison; null if there is no summary or speed-up. */
export function recordedSpeedup(summaryFile: string): number | null {
  return z.object({ speedup }).safeParse(readSummary(summaryFile)).data?.speedup?.computeSeconds ?? null
}

function figuresOf(summary: unknown): Omit<EndedRun, 'started'> | null {
  const study = studyFigures.safeParse(summary).data
  if (study !== undefined) {
    const arms = Object.values(study.arms)
    const accuracies = arms.flatMap(({ best }) => best?.testAccuracy ?? [])
    return {
      arms: arms.length,
      trials: arms.reduce((sum, { trials }) => sum + trials, 0),
      testAccuracy: accuracies.length === 0 ? null : Math.max(...accuracies),
      speedup: study.speedup?.computeSeconds ?? null,
    }
  }
  const ranking = rankingFigures.safeParse(summary).data
  if (ranking === undefined) return null
  const methods = [...ranking.methods, ...(ranking.inTraining == null ? [] : [ranking.inTraining])]
  const counts = methods.flatMap((method) => Object.values(method.outcomes))
  const trials = counts.reduce((sum, each) => sum + each, 0)
  return { arms: methods.length, trials, testAccuracy: null, speedup: null }
}

/** Null if the file is absent, not a plain file, too large or not JSON; the list omits its data. */
function readSummary(file: string): unknown {
  try {
    return JSON.parse(readPlainFile(file, { mostBytes: mostSummaryBytes }).toString('utf8'))
  } catch {
    return null
  }
}
