import { counted } from '../../platform/count.js'
import type { Summary } from '../../results/summary.js'
import { formatAccuracy, formatDuration } from '../format.js'
import { paddedDomain, secondsScale } from './axes.js'
import type { Chart } from './chart.js'
import { colourScale, seriesOf, shapeScale } from './series.js'

interface Point {
  readonly arm: string
  readonly seconds: number
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly accuracy: number
  readonly fromAccuracy: number
  readonly toAccuracy: number
}

/** Cost and accuracy of each arm, with intervals if there are any, otherwise as measured. */
export function accuracyAgainstCompute(summary: Pick<Summary, 'arms' | 'resampling'>): Chart | null {
  const { arms, resampling } = summary
  const points = Object.keys(arms).flatMap((name) => pointOf(name, summary) ?? [])
  if (points.length < 2) return null
  const hasBounds = Object.values(resampling?.arms ?? {}).some(({ computeSeconds }) => computeSeconds.low !== null)
  const series = seriesOf(points.map(({ arm }) => ({ name: arm, evaluator: arms[arm]?.evaluator ?? '' })))
  return {
    name: 'accuracy-against-compute',
    title: 'Cost and test accuracy of each search',
    caption:
      'Test accuracy of the final network against compute time of the whole search, including finalists; up and to ' +
      'the left is better. ' +
      (resampling === null
        ? 'One search each: there are no intervals.'
        : `Means of ${counted(resampling.searches, 'replayed search', 'replayed searches')}${hasBounds ? ', with 95 % intervals in both directions' : ''}.`),
    alt: points
      .map(({ arm, seconds, accuracy }) => `${arm}: ${formatAccuracy(accuracy / 100)} in ${formatDuration(seconds)}`)
      .join(', '),
    spec(layout) {
      const { narrow, width } = layout
      const seconds = secondsScale(
        points.flatMap(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]),
        layout,
      )
      const accuracies = points.flatMap(({ fromAccuracy, toAccuracy }) => [fromAccuracy, toAccuracy])
      const x = { type: 'quantitative' as const, title: 'compute time (s)', ...seconds }
      const y = {
        type: 'quantitative' as const,
        title: 'test accuracy (%)',
        scale: { domain: paddedDomain(accuracies), nice: false, zero: false },
        axis: { tickCount: 5 },
      }
      return {
        width: width - 66,
        height: narrow ? 230 : 300,
        data: { values: points },
        encoding: {
          color: { field: 'arm', type: 'nominal', ...colourScale(series, layout) },
        },
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 2, opacity: 0.55 },
            encoding: {
              x: { field: 'fromSeconds', ...x },
              x2: { field: 'toSeconds' },
              y: { field: 'accuracy', ...y },
            },
          },
          {
            mark: { type: 'rule', strokeWidth: 2, opacity: 0.55 },
            encoding: {
              x: { field: 'seconds', ...x },
              y: { field: 'fromAccuracy', ...y },
              y2: { field: 'toAccuracy' },
            },
          },
          {
            mark: { type: 'point', filled: true, size: 130, opacity: 1 },
            encoding: {
              x: { field: 'seconds', ...x },
              y: { field: 'accuracy', ...y },
              shape: { field: 'arm', type: 'nominal', ...shapeScale(series) },
            },
          },
        ],
      }
    },
  }
}

function pointOf(arm: string, { arms, resampling }: Pick<Summary, 'arms' | 'resampling'>): Point | null {
  const replayed = resampling?.arms[arm]
  if (replayed !== undefined) {
    const { computeSeconds: seconds, testAccuracy } = replayed
    if (testAccuracy === null) return null
    return {
      arm,
      seconds: seconds.mean,
      fromSeconds: seconds.low ?? seconds.mean,
      toSeconds: seconds.high ?? seconds.mean,
      accuracy: 100 * testAccuracy.mean,
      fromAccuracy: 100 * (testAccuracy.low ?? testAccuracy.mean),
      toAccuracy: 100 * (testAccuracy.high ?? testAccuracy.mean),
    }
  }
  const seconds = arms[arm]?.computeSeconds ?? 0
  const measured = arms[arm]?.best?.testAccuracy ?? null
  if (measured === null) return null
  const accuracy = 100 * measured
  return {
    arm,
    seconds,
    fromSeconds: seconds,
    toSeconds: seconds,
    accuracy,
    fromAccuracy: accuracy,
    toAccuracy: accuracy,
  }
}
