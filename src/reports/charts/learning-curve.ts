import type { NetworkMetrics } from '../../results/network-metrics.js'
import { formatAccuracy } from '../format.js'
import type { Chart } from './chart.js'
import { colour } from './theme.js'

/** Training and validation accuracy after each epoch of one network. */
export function learningCurve({ curve, epoch }: Pick<NetworkMetrics, 'curve' | 'epoch'>): Chart {
  const rows = curve.flatMap((one) => [
    { epoch: one.epoch + 1, of: 'training', accuracy: 100 * one.trainAccuracy },
    ...(one.validationAccuracy === null
      ? []
      : [{ epoch: one.epoch + 1, of: 'validation', accuracy: 100 * one.validationAccuracy }]),
  ])
  const last = curve.at(-1)
  return {
    name: 'learning-curve',
    title: 'Learning curve',
    caption: `Accuracy by epoch. The network has the weights of epoch ${epoch}. Training accuracy is the mean over the epoch, before each update.`,
    alt: `Accuracy by epoch; at the end ${formatAccuracy(last?.trainAccuracy ?? null)} in training and ${formatAccuracy(last?.validationAccuracy ?? null)} in validation.`,
    spec: ({ narrow, width }) => ({
      width: width - 70,
      height: narrow ? 200 : 300,
      data: { values: rows },
      mark: { type: 'line', point: rows.length < 80 },
      encoding: {
        x: {
          field: 'epoch',
          type: 'quantitative',
          title: 'epoch',
          scale: { nice: false },
          axis: { format: 'd', grid: false },
        },
        y: { field: 'accuracy', type: 'quantitative', title: 'accuracy, %', scale: { zero: false } },
        color: {
          field: 'of',
          type: 'nominal',
          scale: { domain: ['training', 'validation'], range: [colour('orange'), colour('blue')] },
        },
      },
    }),
  }
}
