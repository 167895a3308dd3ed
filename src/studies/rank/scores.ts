import type { Outcome } from '../../evaluators/outcome.js'
import type { TruthOptions } from './ranking.js'

/** Null if an evaluation ended without a score or with NaN. */
export function outcomeScore(outcome: Outcome | undefined): number | null {
  return outcome?.kind === 'scored' && Number.isFinite(outcome.score) ? outcome.score : null
}

/** The truth from a full training, in 0..1; null if it has none. */
export function truthOf(outcome: Outcome, { accuracy }: TruthOptions): number | null {
  if (outcome.kind !== 'scored') return null
  return (accuracy === 'test' ? outcome.testAccuracy : outcome.validationAccuracy) ?? null
}
