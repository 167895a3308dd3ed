import { scoreOf } from '../score-of.js'
import type { FinishedTrial } from '../strategy.js'

/** The `count` best scored trials of a rung, best first; for equal scores the earlier trial first. */
export function bestOf(rung: readonly FinishedTrial[], count: number): readonly FinishedTrial[] {
  return rung
    .filter(({ outcome }) => outcome.kind === 'scored')
    .toSorted((a, b) => scoreOf(b) - scoreOf(a) || a.index - b.index)
    .slice(0, count)
}
