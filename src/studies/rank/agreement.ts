import type { Rng } from '../../platform/rng.js'
import { bootstrapIntervals } from '../../statistics/bootstrap.js'
import { type Interval, leastPairs, leastUnits } from '../../statistics/interval.js'
import { type RankAgreement, rankAgreement } from '../../statistics/rank-agreement.js'
import { mean, standardError } from '../../statistics/sample.js'
import { descendingOrder } from '../../statistics/top.js'
import { type Estimate, rankingPercents, type SharedSubsetAgreement, type SubsetAgreement } from './ranking.js'

/** The scores of a method, in the order of the truths. */
export interface MethodColumn {
  readonly scores: readonly number[]
  readonly seconds: readonly number[]
}

const figures = ['spearman', 'kendall', 'commonRatio'] as const

/** Rank agreement of one method. */
export function agreementOf(
  truth: readonly number[],
  column: MethodColumn,
  resamples: number,
  rng: Rng,
): readonly SubsetAgreement[] {
  return agreementOfAll(truth, [column], 0, resamples, rng)[0]?.map(({ lead: _, ...rest }) => rest) ?? []
}

/**
 * Rank agreement of several methods on the same architectures, with the same resamples.
 *
 * @param first index of the method whose lead over each other one is computed.
 */
export function agreementOfAll(
  truth: readonly number[],
  columns: readonly MethodColumn[],
  first: number,
  resamples: number,
  rng: Rng,
): readonly (readonly SharedSubsetAgreement[])[] {
  const figuresAt = (positions: Iterable<number>): readonly (number | null)[] => {
    const order = [...positions]
    const at = (values: readonly number[]): number[] => order.map((position) => values[position] as number)
    const sampled = at(truth)
    const methods = columns.map(({ scores }) => rankAgreement(sampled, at(scores), rankingPercents))
    return methods.flatMap((subsets) =>
      subsets.flatMap((subset, i) => [...figures.map((figure) => subset[figure]), leadOf(methods[first]?.[i], subset)]),
    )
  }
  const values = figuresAt(truth.keys())
  const intervals = bootstrapIntervals({ count: truth.length, resamples, rng }, figuresAt)
  const bestFirst = descendingOrder(truth)
  const counts = rankAgreement(truth, truth, rankingPercents).map(({ count }) => count)

  let next = 0
  const take = (architectures: number, least: number): Estimate => {
    const result = estimate(values[next] ?? null, architectures < least ? null : (intervals[next] ?? null))
    next++
    return result
  }
  return columns.map(({ seconds }) =>
    rankingPercents.map((percent, i) => {
      const architectures = counts[i] as number
      const spent = bestFirst.slice(0, architectures).map((position) => seconds[position] as number)
      return {
        percent,
        architectures,
        spearman: take(architectures, leastPairs),
        kendall: take(architectures, leastPairs),
        commonRatio: take(architectures, leastUnits),
        lead: take(architectures, leastPairs),
        seconds: { mean: mean(spent), standardError: standardError(spent) },
      }
    }),
  )
}

function leadOf(first: RankAgreement | undefined, other: RankAgreement): number | null {
  const ours = first?.spearman ?? null
  return ours === null || other.spearman === null ? null : ours - other.spearman
}

function estimate(value: number | null, interval: Interval | null): Estimate {
  // An interval without a value would be meaningless.
  if (value === null || interval === null) return { value, low: null, high: null }
  return { value, low: interval.low, high: interval.high }
}
