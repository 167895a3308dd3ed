import { traitsNamed } from '../../evaluators/registry.js'
import { counted } from '../../platform/count.js'
import type { ComparisonSummary, Summary } from '../../results/summary.js'
import type { Interval } from '../../statistics/interval.js'
import { limitsOf } from '../comparison-table.js'
import { formatAccuracy, formatDuration, formatRatio } from '../format.js'
import { armTitle } from './arm-titles.js'

/** The result of a search or comparison in words, the most important sentence first. */
export function verdictOf(summary: Summary): readonly string[] {
  const [first] = Object.entries(summary.comparisons)
  if (first === undefined) return Object.entries(summary.arms).map(([name]) => foundBy(name, summary))
  const [name, comparison] = first
  return [
    measured(name, comparison, summary),
    ...onAverage(name, summary),
    ...missing(summary),
    ...atEqualAccuracy(name, summary),
    ...others(name, summary),
  ]
}

function foundBy(name: string, summary: Summary): string {
  const arm = summary.arms[name]
  const title = armTitle(name, summary)
  const spent = `${formatDuration(arm?.computeSeconds ?? 0)} of compute time`
  const best = arm?.best ?? null
  if (best === null) return `${title} has trained no network in full${summary.stopped ? ' yet' : ''}, after ${spent}.`
  const accuracy =
    best.testAccuracy === null
      ? `${formatAccuracy(best.validationAccuracy)} of the validation images`
      : `${formatAccuracy(best.testAccuracy)} of the test images`
  return `The best of ${counted(arm?.trials ?? 0, 'architecture')} that ${title} evaluated classifies ${accuracy} correctly, after ${spent}.`
}

function measured(name: string, { against, speedup, testAccuracyDifference }: ComparisonSummary, summary: Summary) {
  const intervals = summary.resampling?.comparisons[name]
  const trials = summary.arms[name]?.trials ?? 0
  const architectures = trials === 1 ? 'the one architecture' : `the same ${trials} architectures`
  const empty = [name, against].filter((arm) => (summary.arms[arm]?.best ?? null) === null)
  if (empty.length > 0) {
    const titles = empty.map((arm) => armTitle(arm, summary)).join(' and ')
    return `Over ${architectures}, ${titles} ended without a network that was trained in full, so there is nothing to compare.`
  }
  const cost = `${armTitle(name, summary)} ${cheaper(speedup.computeSeconds, armTitle(against, summary))}${bounds(intervals?.speedup.computeSeconds, ratio)}`
  const found =
    testAccuracyDifference === null
      ? 'there are no two networks to compare in test accuracy'
      : `its network is ${moreAccurate(testAccuracyDifference)}${bounds(intervals?.testAccuracyDifference, signed, 0)}`
  return `Over ${architectures}, ${cost}; ${found}.`
}

/** The accuracies of the replayed searches. */
function onAverage(name: string, summary: Summary): readonly string[] {
  const { comparisons, resampling } = summary
  if (resampling === null) return ['One search of each arm was measured: there are no intervals.']
  const difference = resampling.comparisons[name]?.testAccuracyDifference ?? null
  if (difference === null) return []
  const compared = resampling.searches - (resampling.comparisons[name]?.leftOut ?? 0)
  return [
    `In ${counted(compared, 'search', 'searches')} over other draws of these architectures, the difference in accuracy to ` +
      `${armTitle(comparisons[name]?.against ?? '', summary)} is ${signed(difference.mean)} points on average.`,
  ]
}

/** Why there are no intervals, and what was left out. */
function missing({ resampling }: Summary): readonly string[] {
  return resampling === null ? [] : limitsOf(resampling).map((line) => `${line.replace(/^\[-\]: an/, 'An')}.`)
}

function atEqualAccuracy(name: string, summary: Summary): readonly string[] {
  const { arms, resampling } = summary
  const isShort = (arm: string): boolean => traitsNamed(arms[arm]?.evaluator ?? '').isShortTraining
  if (resampling === null || !Object.keys(arms).some(isShort) || isShort(name)) return []
  const equal = resampling.comparisons[name]?.equalAccuracy ?? null
  if (equal === null)
    return [`At equal accuracy: no short training here is as accurate as ${armTitle(name, summary)}, on average.`]
  const { against, speedup, testAccuracyDifference } = equal
  const { computeSeconds } = speedup
  const theirs = armTitle(against, summary)
  const difference =
    testAccuracyDifference === null
      ? ''
      : `, at ${signed(testAccuracyDifference.mean)} points of test accuracy${bounds(testAccuracyDifference, signed)}`
  return [
    `At equal accuracy: the cheapest equally accurate short training is ${theirs}, and ${armTitle(name, summary)} ` +
      `${cheaper(computeSeconds?.mean ?? null, theirs)}${bounds(computeSeconds, ratio, 1)}${difference}.`,
  ]
}

/** The remaining arms, briefly: the tables and charts have the rest. */
function others(name: string, summary: Summary): readonly string[] {
  const rest = Object.entries(summary.comparisons).filter(([other]) => other !== name)
  if (rest.length === 0) return []
  const parts = rest.map(
    ([other, { speedup, testAccuracyDifference }]) =>
      `${other} ${formatRatio(speedup.computeSeconds)}` +
      `${testAccuracyDifference === null ? '' : ` at ${signed(testAccuracyDifference)} points`}`,
  )
  return [`The other arms against ${armTitle(rest[0]?.[1].against ?? '', summary)}, as measured: ${parts.join(', ')}.`]
}

/** 3.17 -> "needs 3.17 times less compute time than full". */
function cheaper(speedup: number | null, against: string): string {
  if (speedup === null || !(speedup > 0 && speedup < Infinity))
    return `cannot be compared with ${against} in compute time`
  if (speedup >= 1) return `needs ${ratio(speedup)} times less compute time than ${against}`
  return `needs ${ratio(1 / speedup)} times the compute time of ${against} (a speed-up of ${ratio(speedup)})`
}

function moreAccurate(difference: number): string {
  const size = Math.abs(100 * difference).toFixed(2)
  if (size === '0.00') return 'as accurate on the test images'
  return `${size} points ${difference > 0 ? 'more' : 'less'} accurate on the test images`
}

/** @param nothing the value that means no difference; the text says if it is within the interval. */
function bounds(interval: Interval | null | undefined, format: (value: number) => string, nothing?: number): string {
  if (interval == null || interval.low === null || interval.high === null) return ''
  const { low, high } = interval
  const isChance = nothing !== undefined && low <= nothing && high >= nothing
  return ` (95 %: ${format(low)} to ${format(high)}${isChance ? ', no significant difference' : ''})`
}

const ratio = (value: number): string => value.toFixed(2)

/** In points. */
function signed(difference: number): string {
  return `${difference < 0 ? '-' : '+'}${Math.abs(100 * difference).toFixed(2)}`
}
