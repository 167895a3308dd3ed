import { z } from 'zod'
import type { ScoredOutcome } from '../../evaluators/outcome.js'
import type { EvaluationTask } from '../../execution/executor.js'
import { readPlainFile } from '../../platform/plain-file.js'

/** Maximum file size; a normal file has one or two kilobytes. */
const mostBytes = 1 << 20

const share = z.number().min(0).max(1)
const amount = z.number().min(0)
const count = z.int().min(0)
const cost = z.object({ computeSeconds: amount, trainingFlops: amount, steps: count, epochs: amount })

/**
 * The outcome of a full training with its test accuracy; the fields are in the order in which they are written. Infinite
 * numbers, such as 1e999, are refused.
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

/** Identifies a trained network: everything that determines the results of its run, and its own task. */
export interface TruthKey {
  readonly run: unknown
  readonly task: Pick<EvaluationTask, 'architecture' | 'dataSeed' | 'trialSeed'>
}

export function truthText(key: TruthKey, outcome: ScoredOutcome): string {
  return `${JSON.stringify({ key: written(key), outcome })}\n`
}

/**
 * The outcome in a file if it is valid and belongs to this network; otherwise null, and the network is trained again.
 */
export function readTruth(file: string, key: TruthKey): ScoredOutcome | null {
  try {
    const contents = fileSchema.parse(JSON.parse(readPlainFile(file, { mostBytes }).toString('utf8')))
    return JSON.stringify(contents.key) === JSON.stringify(written(key)) ? contents.outcome : null
  } catch {
    // The file is absent or damaged.
    return null
  }
}

function written({ run, task: { architecture, dataSeed, trialSeed } }: TruthKey): unknown {
  return { run, architecture, trialSeed, dataSeed }
}
