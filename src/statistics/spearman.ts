import { sampleCorrelation } from 'simple-statistics'
import { checkPaired, isConstant } from './paired.js'
import { averageRanks } from './ranks.js'

/**
 * Spearman's rank correlation, -1..1: Pearson's correlation of the ranks, ties have their average rank. Null if
 * undefined: fewer than two pairs, or all values of `x` or of `y` equal.
 *
 * @throws RangeError if the lengths differ or a value is NaN.
 */
export function spearman(x: readonly number[], y: readonly number[]): number | null {
  checkPaired(x, y)
  if (isConstant(x) || isConstant(y)) return null
  const correlation = sampleCorrelation(averageRanks(x), averageRanks(y))
  // Rounding may leave 1.0000000000000002.
  return Math.max(-1, Math.min(1, correlation))
}
