import { kendall } from './kendall.js'
import { checkPaired } from './paired.js'
import { spearman } from './spearman.js'
import { descendingOrder, shareInCommon, topCount } from './top.js'

/** Rank agreement of scores on the top `percent` per cent by truth; null if a figure is undefined. */
export interface RankAgreement {
  readonly percent: number
  /** `floor(n * percent / 100)`. */
  readonly count: number
  /** -1..1, within the best by truth. */
  readonly spearman: number | null
  /** Tau-b, -1..1, within the best by truth. */
  readonly kendall: number | null
  /** 0..1, the share of the top by truth that is also in the top by score. */
  readonly commonRatio: number | null
}

/**
 * The three figures that the authors of FEAR plot (github.com/microsoft/archai, commit 818292bd,
 * scripts/reports/fear_analysis) at each percentage: items are sorted by truth, best first, ties in their original
 * order, and the first `floor(n * percent / 100)` are kept.
 *
 * @throws RangeError if the lengths differ or a value is NaN.
 */
export function rankAgreement(
  truth: readonly number[],
  scores: readonly number[],
  percents: readonly number[],
): readonly RankAgreement[] {
  checkPaired(truth, scores)
  const byTruth = descendingOrder(truth)
  const byScore = descendingOrder(scores)
  const sortedTruth = byTruth.map((position) => truth[position] as number)
  const sortedScores = byTruth.map((position) => scores[position] as number)
  return percents.map((percent) => {
    const count = topCount(truth.length, percent)
    const best = sortedTruth.slice(0, count)
    const theirScores = sortedScores.slice(0, count)
    return {
      percent,
      count,
      spearman: spearman(best, theirScores),
      kendall: kendall(best, theirScores),
      commonRatio: shareInCommon(byTruth, byScore, count),
    }
  })
}
