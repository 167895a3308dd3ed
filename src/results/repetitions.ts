import { byName } from '../platform/by-name.js'
import type { Interval } from '../statistics/interval.js'
import { meanInterval } from '../statistics/mean-interval.js'
import { mean } from '../statistics/sample.js'
import type { ComparisonSummary, Summary } from './summary.js'

/** A comparison repeated with several seeds, as its `summary.json` holds it. The runs are in folders beside it. */
export interface RepetitionsSummary {
  readonly schema: 1
  readonly command: string
  /** The configuration of the first run; the others differ only in the seed. */
  readonly config: Summary['config']
  readonly hardware: Summary['hardware']
  readonly engine: Summary['engine']
  readonly workers: number
  readonly seeds: readonly Summary['config']['seed'][]
  /** By arm, against the arm that trains in full. */
  readonly comparisons: Readonly<Record<string, PooledComparison>>
}

export interface PooledComparison {
  readonly against: string
  readonly speedup: Readonly<Record<keyof ComparisonSummary['speedup'], PooledFigure>>
  /** In 0..1. */
  readonly testAccuracyDifference: PooledFigure
  readonly spearman: PooledFigure
  readonly kendall: PooledFigure
}

/**
 * A figure of every run, and their mean with Student's 95 % interval: seeds give independent architectures, images and
 * weights. Without bounds for fewer than three.
 */
export interface PooledFigure {
  /** In the order of the seeds; null if a run has none. */
  readonly values: readonly (number | null)[]
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Pools finished runs; there must be at least one. */
export function poolRepetitions(runs: readonly Summary[]): RepetitionsSummary {
  const [first] = runs
  if (first === undefined) throw new RangeError('there is no run to pool')
  const { schema, command, config, hardware, engine, workers } = first
  return {
    schema,
    command,
    config,
    hardware,
    engine,
    workers,
    seeds: runs.map((run) => run.config.seed),
    comparisons: byName(
      Object.entries(first.comparisons).map(([arm, { against }]) => [arm, poolComparison(arm, against, runs)]),
    ),
  }
}

function poolComparison(arm: string, against: string, runs: readonly Summary[]): PooledComparison {
  const pool = (figure: (comparison: ComparisonSummary) => number | null): PooledFigure =>
    poolFigure(
      runs.map(({ comparisons }) => {
        const comparison = comparisons[arm]
        return comparison === undefined ? null : figure(comparison)
      }),
    )
  return {
    against,
    speedup: {
      computeSeconds: pool(({ speedup }) => speedup.computeSeconds),
      wallSeconds: pool(({ speedup }) => speedup.wallSeconds),
      trainingFlops: pool(({ speedup }) => speedup.trainingFlops),
    },
    testAccuracyDifference: pool((comparison) => comparison.testAccuracyDifference),
    spearman: pool(({ rankCorrelation }) => rankCorrelation.spearman),
    kendall: pool(({ rankCorrelation }) => rankCorrelation.kendall),
  }
}

function poolFigure(values: readonly (number | null)[]): PooledFigure {
  const known = values.flatMap((value) => value ?? [])
  const interval: Interval | null = meanInterval(known)
  return { values, mean: mean(known), low: interval?.low ?? null, high: interval?.high ?? null }
}
