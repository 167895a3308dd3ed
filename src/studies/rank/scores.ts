import type { Outcome } from '../../evaluators/outcome.js'
import type { TruthOptions } from './ranking.js'

/** Null where an evaluation ended without a score, or with one that is no number. */
export function scoreOf(outcome: Outcome | undefined): number | null {
  return outcome?.kind === 'scored' && Number.isFinite(outcome.score) ? outcome.score : null
}

/** The truth that a full training shows, in 0..1; null if it ended without. */
export function truthOf(outcome: Outcome, { accuracy }: TruthOptions): number | null {
  if (outcome.kind !== 'scored') return null
  return (accuracy === 'test' ? outcome.testAccuracy : outcome.validationAccuracy) ?? null
}
