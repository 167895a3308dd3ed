import { z } from 'zod'
import type { ScoredOutcome } from '../../evaluators/outcome.js'
import type { EvaluationTask } from '../../execution/executor.js'
import { readPlainFile } from '../../platform/plain-file.js'

/** A file that a run wrote has a kilobyte or two. */
const mostBytes = 1 << 20

const share = z.number().min(0).max(1)
const amount = z.number().min(0)
const count = z.int().min(0)
const cost = z.object({ computeSeconds: amount, trainingFlops: amount, steps: count, epochs: amount })

/**
 * Of a full training whose network was measured, in the order in which fields are written. Numbers are finite: JSON has no
 * others, and 1e999 is none.
 */
const outcomeSchema: z.ZodType<ScoredOutcome & { readonly testAccuracy: number }> = z.object({
  kind: z.literal('scored'),
  score: share,
  metric: z.literal('validation-accuracy'),
  trainAccuracy: share.nullable(),
  validationAccuracy: share,
  cost,
  phases: z.record(z.string(), cost),
  lost: z.array(z.object({ message: z.string(), stack: z.string().exactOptional() })).exactOptional(),
  testAccuracy: share,
})

const fileSchema = z.object({ key: z.unknown(), outcome: outcomeSchema })

/** What names a network that was trained: what decides the results of its run, and what is its own. */
export interface TruthKey {
  readonly run: unknown
  readonly task: Pick<EvaluationTask, 'architecture' | 'dataSeed' | 'trialSeed'>
}

export function truthText(key: TruthKey, outcome: ScoredOutcome): string {
  return `${JSON.stringify({ key: written(key), outcome })}\n`
}

/** The outcome in a file, if it is one and of this very network; else null, and the network can be trained again. */
export function readTruth(file: string, key: TruthKey): ScoredOutcome | null {
  try {
    const contents = fileSchema.parse(JSON.parse(readPlainFile(file, { mostBytes }).toString('utf8')))
    return JSON.stringify(contents.key) === JSON.stringify(written(key)) ? contents.outcome : null
  } catch {
    // None is there, or something happened to it.
    return null
  }
}

function written({ run, task: { architecture, dataSeed, trialSeed } }: TruthKey): unknown {
  return { run, architecture, trialSeed, dataSeed }
}
