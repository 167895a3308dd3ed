import { visibleLines } from '../platform/visible-text.js'
import type { NetworkMetrics, Repetition } from '../results/network-metrics.js'
import { formatAccuracy, formatCount, formatFlops } from './format.js'

/** The result of a training, for the terminal. */
export function renderNetwork(read: NetworkMetrics): string {
  const {
    architecture,
    curve,
    epoch,
    flops,
    latency,
    parameters,
    repetitions,
    testAccuracy,
    testImages,
    validationAccuracy,
  } = visibleLines(read)
  const rows: readonly (readonly [string, string])[] = [
    ['network', architecture],
    ['test accuracy', `${formatAccuracy(testAccuracy)} of ${testImages} images`],
    [
      'validation',
      validationAccuracy === null ? 'none: these images were trained on' : formatAccuracy(validationAccuracy),
    ],
    ['epoch', epoch === curve.length ? `${epoch}` : `${epoch}, the best of ${curve.length}`],
    ['size', `${formatCount(parameters)} parameters, ${formatFlops(flops)} an image`],
    ...latency.map(({ batch, imagesPerSecond, milliseconds }): readonly [string, string] => [
      `batch of ${batch}`,
      `${milliseconds.toPrecision(3)} ms, ${Math.round(imagesPerSecond).toLocaleString('en-US')} images/s`,
    ]),
    ...spreadRows(repetitions),
  ]
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}`).join('\n')
}

function spreadRows(repetitions: readonly Repetition[]): readonly (readonly [string, string])[] {
  if (repetitions.length < 2) return []
  return [
    [
      `${repetitions.length} networks`,
      `test accuracy ${spreadText(repetitions)}; the best by validation accuracy is kept`,
    ],
  ]
}

/** `91.20 % (mean), 0.35 points (standard deviation), 90.80 % to 91.60 %`. */
export function spreadText(repetitions: readonly Repetition[]): string {
  const accuracies = repetitions.map(({ testAccuracy }) => testAccuracy)
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (accuracies.length - 1)
  const [low, high] = [Math.min(...accuracies), Math.max(...accuracies)]
  return (
    `${formatAccuracy(mean)} (mean), ${(100 * Math.sqrt(variance)).toFixed(2)} points (standard deviation), ` +
    `${formatAccuracy(low)} to ${formatAccuracy(high)}`
  )
}
