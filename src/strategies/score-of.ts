import type { FinishedTrial } from './strategy.js'

/** A trial's score, or -Infinity if it has none: an architecture without a score ranks last. */
export function scoreOf({ outcome }: FinishedTrial): number {
  return outcome.kind === 'scored' ? outcome.score : -Infinity
}
