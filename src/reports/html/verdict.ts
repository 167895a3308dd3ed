import type { Interval } from '../../statistics/interval.js'
import { formatAccuracy, formatDuration } from '../format.js'
import type { ComparisonSummary, Summary } from '../summary.js'
import { armTitle } from './arm-titles.js'

/** The result of a search or a comparison in words, the most important sentence first. */
export function verdictOf(summary: Summary): readonly string[] {
  const [first] = Object.entries(summary.comparisons)
  if (first === undefined) return Object.entries(summary.arms).map(([name]) => foundBy(name, summary))
  const [name, comparison] = first
  return [
    measured(name, comparison, summary),
    ...chance(name, summary),
    ...atEqualAccuracy(name, summary),
    ...others(name, summary),
  ]
}

function foundBy(name: string, { arms }: Summary): string {
  const arm = arms[name]
  const spent = `${formatDuration(arm?.computeSeconds ?? 0)} of compute time`
  const best = arm?.best ?? null
  if (best === null) return `${name} has trained no network in full yet, after ${spent}.`
  const accuracy =
    best.testAccuracy === null
      ? `${formatAccuracy(best.validationAccuracy)} of the validation images`
      : `${formatAccuracy(best.testAccuracy)} of the test images`
  return `The best of ${arm?.trials ?? 0} architectures that ${name} looked at gets ${accuracy} right, after ${spent}.`
}

function measured(name: string, { against, speedup, testAccuracyDifference }: ComparisonSummary, summary: Summary) {
  const intervals = summary.resampling?.comparisons[name]
  const trials = summary.arms[name]?.trials ?? 0
  const cost = `${armTitle(name, summary)} ${cheaper(speedup.computeSeconds, armTitle(against, summary))}${bounds(intervals?.speedup.computeSeconds, ratio)}`
  const found =
    testAccuracyDifference === null
      ? 'there are not two networks whose test accuracies could be compared'
      : `its network is ${moreAccurate(testAccuracyDifference)}${bounds(intervals?.testAccuracyDifference, points)}`
  return `Over the same ${trials} architectures, ${cost}; ${found}.`
}

/** Whether the accuracies differ by more than chance explains. */
function chance(name: string, summary: Summary): readonly string[] {
  const { comparisons, resampling } = summary
  const difference = resampling?.comparisons[name]?.testAccuracyDifference ?? null
  const against = armTitle(comparisons[name]?.against ?? '', summary)
  if (resampling === null) return ['One search of each arm was measured: there are no intervals.']
  if (difference === null) return []
  if (difference.low <= 0 && difference.high >= 0) {
    return [
      `In ${resampling.searches} searches over other draws of these architectures the difference in accuracy to ${against} ` +
        `is ${signed(difference.mean)} points on average, and 0 is within its interval: no difference was shown.`,
    ]
  }
  const better = difference.low > 0 ? 'more' : 'less'
  return [
    `In ${resampling.searches} searches over other draws of these architectures its network is ${better} accurate than that of ` +
      `${against} by ${Math.abs(100 * difference.mean).toFixed(2)} points on average; 0 is outside the interval.`,
  ]
}

function atEqualAccuracy(name: string, summary: Summary): readonly string[] {
  const { arms, resampling } = summary
  const hasShort = Object.values(arms).some(({ evaluator }) => evaluator === 'short-training')
  if (resampling === null || !hasShort || arms[name]?.evaluator === 'short-training') return []
  const equal = resampling.comparisons[name]?.equalAccuracy ?? null
  if (equal === null)
    return [`At equal accuracy: no short training here is as accurate as ${armTitle(name, summary)}, on average.`]
  const { against, speedup, testAccuracyDifference } = equal
  const { computeSeconds } = speedup
  const theirs = armTitle(against, summary)
  const difference =
    testAccuracyDifference === null
      ? ''
      : `, at ${signed(testAccuracyDifference.mean)} points of test accuracy${bounds(testAccuracyDifference, points)}`
  const isChance = computeSeconds.low <= 1 && computeSeconds.high >= 1
  return [
    `At equal accuracy: the cheapest short training as accurate is ${theirs}, and ${armTitle(name, summary)} ` +
      `${cheaper(computeSeconds.mean, theirs)}${bounds(computeSeconds, ratio)}${difference}.` +
      `${isChance ? ' A factor of 1 is within the interval: neither was shown to be cheaper.' : ''}`,
  ]
}

/** The remaining arms, briefly: the tables and charts have the rest. */
function others(name: string, summary: Summary): readonly string[] {
  const rest = Object.entries(summary.comparisons).filter(([other]) => other !== name)
  if (rest.length === 0) return []
  const parts = rest.map(
    ([other, { speedup, testAccuracyDifference }]) =>
      `${other} ${ratio(speedup.computeSeconds ?? Number.NaN)}x` +
      `${testAccuracyDifference === null ? '' : ` at ${signed(testAccuracyDifference)} points`}`,
  )
  return [`The other arms against ${armTitle(rest[0]?.[1].against ?? '', summary)}, as measured: ${parts.join(', ')}.`]
}

/** 3.17 -> "needs 3.17 times less compute time than full". */
function cheaper(speedup: number | null, against: string): string {
  if (speedup === null || !Number.isFinite(speedup)) return `cannot be compared with ${against} in compute time`
  if (speedup >= 1) return `needs ${ratio(speedup)} times less compute time than ${against}`
  return `needs ${ratio(1 / speedup)} times the compute time of ${against} (a speed-up of ${ratio(speedup)})`
}

function moreAccurate(difference: number): string {
  const size = Math.abs(100 * difference).toFixed(2)
  if (size === '0.00') return 'as accurate on the test images'
  return `${size} points ${difference > 0 ? 'more' : 'less'} accurate on the test images`
}

function bounds(interval: Interval | null | undefined, format: (value: number) => string): string {
  return interval == null ? '' : ` [${format(interval.low)}, ${format(interval.high)}]`
}

const ratio = (value: number): string => value.toFixed(2)
const points = (difference: number): string => signed(difference)

/** In points. */
function signed(difference: number): string {
  return `${difference < 0 ? '-' : '+'}${Math.abs(100 * difference).toFixed(2)}`
}
