import type { Latency } from '../../benchmarks/latency.js'
import { counted } from '../../platform/count.js'
import type { Summary } from '../../results/summary.js'
import {
  formatAccuracy,
  formatBarePoints,
  formatBounds,
  formatCoefficient,
  formatDuration,
  formatMilliseconds,
  formatRatio,
  formatSpeed,
} from '../format.js'
import { armTitle } from './arm-titles.js'
import type { KeyFigure } from './page.js'

/** The main figures of a search or comparison. */
export function keyFigures(summary: Summary): readonly KeyFigure[] {
  const [first] = Object.entries(summary.comparisons)
  return first === undefined ? ofArms(summary) : ofComparison(first[0], first[1], summary)
}

function ofArms({ arms, hardware }: Summary): readonly KeyFigure[] {
  return Object.entries(arms).flatMap(([name, { best, computeSeconds, latency, wallSeconds }]) => [
    {
      value: formatAccuracy(best?.testAccuracy ?? null),
      title: `test accuracy of ${name}’s network`,
      note: best === null ? 'no network was trained in full' : 'one search, no interval',
    },
    ...speedOf(name, latency ?? [], hardware.cpu),
    {
      value: formatDuration(computeSeconds),
      title: `compute time of ${name}`,
      note: `${formatDuration(wallSeconds)} of wall-clock time`,
    },
  ])
}

/** The time for one image, where it was measured. */
function speedOf(name: string, latency: readonly Latency[], cpu: string): readonly KeyFigure[] {
  const single = latency.find(({ batch }) => batch === 1)
  if (single === undefined) return []
  const others = latency.filter((one) => one !== single)
  const speeds = others.map(({ batch, imagesPerSecond }) => `${formatSpeed(imagesPerSecond)} in batches of ${batch}, `)
  return [
    {
      value: formatMilliseconds(single.milliseconds),
      title: `for one image by ${name}’s network, in one thread`,
      note: `${speeds.join('')}on ${cpu}`,
    },
  ]
}

function ofComparison(
  name: string,
  { against, rankCorrelation, speedup, testAccuracyDifference }: Summary['comparisons'][string],
  summary: Summary,
): readonly KeyFigure[] {
  const replayed = summary.resampling?.comparisons[name]
  const equal = replayed?.equalAccuracy ?? null
  const title = armTitle(name, summary)
  return [
    {
      value: formatRatio(speedup.computeSeconds),
      title: `speed-up of ${title} in compute time against ${armTitle(against, summary)}`,
      note: speedup.computeSeconds === null ? notCompared : interval(formatBounds(replayed?.speedup.computeSeconds)),
    },
    {
      value: testAccuracyDifference === null ? '-' : formatBarePoints(testAccuracyDifference),
      title: 'difference in test accuracy, percentage points',
      note:
        testAccuracyDifference === null
          ? notCompared
          : interval(formatBounds(replayed?.testAccuracyDifference, formatBarePoints)),
    },
    ...(equal === null
      ? []
      : [
          {
            value: formatRatio(equal.speedup.computeSeconds?.mean ?? null),
            title: `speed-up at equal accuracy, against ${armTitle(equal.against, summary)}`,
            note: `mean, ${interval(formatBounds(equal.speedup.computeSeconds))}`,
          },
        ]),
    {
      value: formatCoefficient(rankCorrelation.spearman),
      title: `Spearman of ${title}’s scores and validation accuracy after full training`,
      note: `over ${counted(rankCorrelation.trials, 'architecture')}, no interval`,
    },
  ]
}

const notCompared = 'fewer than two networks to compare'

/** The text of an interval without bounds. */
const noBounds = formatBounds({ low: null, high: null })

function interval(bounds: string): string {
  if (bounds === '') return 'measured once, no interval'
  return bounds === noBounds ? 'too few for an interval' : `95 %:${bounds}`
}
