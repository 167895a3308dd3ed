import type { InTrainingResult, RankingResult, TruthOptions } from '../studies/index.js'
import type { RunFacts } from './summary.js'

/**
 * The result of a ranking as `summary.json` holds it. Accuracies, scores and ratios in 0..1, correlations in -1..1, each
 * with its 95 % bootstrap interval; null where something is undefined.
 */
export interface RankingSummary extends RunFacts, RankingResult {
  readonly schema: 1
  readonly truth: TruthOptions & {
    /** Fingerprint of everything but the seeds that determines the truth; the name of its cache folder. */
    readonly fingerprint: string
  }
  /** Zero-cost measures during training; null if not requested, or if the run was stopped before. */
  readonly inTraining: InTrainingResult | null
}
