import type { FinishedTrial } from './strategy.js'

/** A trial's score; -Infinity, worse than any, where it was not scored: an architecture that FEAR rejects is no good. */
export function scoreOf({ outcome }: FinishedTrial): number {
  return outcome.kind === 'scored' ? outcome.score : -Infinity
}
