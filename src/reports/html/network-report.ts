import { encode } from 'fast-png'
import type { Dataset } from '../../datasets/dataset.js'
import type { Mistake, NetworkMetrics } from '../../results/network-metrics.js'
import { learningCurve } from '../charts/learning-curve.js'
import { formatAccuracy, formatCount, formatFlops } from '../format.js'
import { spreadText } from '../network-text.js'
import { Html, html } from './html.js'
import { type KeyFigure, renderPage } from './page.js'
import { renderTable } from './table.js'

export interface ReportedNetwork {
  readonly metrics: NetworkMetrics
  readonly mistakes: readonly Mistake[]
  readonly dataset: Pick<Dataset, 'channels' | 'height' | 'width' | 'test'>
}

/** The page of a trained network, in one file. */
export function networkReport({ dataset, metrics, mistakes }: ReportedNetwork): Promise<string> {
  const { architecture, engine, repetitions, testAccuracy, testImages } = metrics
  return renderPage(
    {
      title: 'A trained network',
      what: `${architecture}, trained and measured on ${engine}`,
      verdict: [
        `The network names the right class of ${formatAccuracy(testAccuracy)} of ${testImages} test images.`,
        ...(repetitions.length < 2 ? [] : [`Over ${repetitions.length} networks: ${spreadText(repetitions)}.`]),
      ],
      notices: [],
      figures: keyFigures(metrics),
    },
    [learningCurve(metrics)],
    [confusionTable(metrics), mistakesOf(mistakes, metrics, dataset)],
  )
}

function keyFigures({
  flops,
  hardware,
  latency,
  parameters,
  testAccuracy,
  validationAccuracy,
}: NetworkMetrics): readonly KeyFigure[] {
  return [
    {
      title: 'test accuracy',
      value: formatAccuracy(testAccuracy),
      note:
        validationAccuracy === null
          ? 'trained on the validation images, too'
          : `validation ${formatAccuracy(validationAccuracy)}`,
    },
    { title: 'parameters', value: formatCount(parameters), note: `${formatFlops(flops)} an image` },
    ...latency.map(({ batch, imagesPerSecond, milliseconds }) => ({
      title: `images a second, batch of ${batch}`,
      value: formatCount(imagesPerSecond),
      note: `${milliseconds.toPrecision(3)} ms on ${hardware.cpu}`,
    })),
  ]
}

/** Rows are true classes: shares of the images that were told as each class, and how many were right. */
function confusionTable({ accuracyByClass, classNames, confusion }: NetworkMetrics): Html {
  const rows = confusion.map((row, label): readonly [string, ...string[]] => [
    classNames[label] ?? String(label),
    ...row.map((count) => (count === 0 ? '·' : String(count))),
    formatAccuracy(accuracyByClass[label] ?? null),
  ])
  return html`<h2>Confusion matrix and accuracy by class</h2>
${renderTable({
  caption: 'Test images by their class (rows) and the class that the network names (columns).',
  head: ['', ...classNames, 'right'],
  rows,
})}`
}

function mistakesOf(
  mistakes: readonly Mistake[],
  { classNames }: NetworkMetrics,
  dataset: ReportedNetwork['dataset'],
): Html {
  const name = (label: number): string => classNames[label] ?? String(label)
  const pictures = mistakes.map(({ image, label, predicted, probability }) => {
    const text = `${name(label)}, taken for ${name(predicted)} (${formatAccuracy(probability)})`
    return html`<figure style="width:112px"><img src="${pictureOf(image, dataset)}" alt="${text}" style="width:96px;image-rendering:pixelated"><figcaption style="font-size:.8rem;line-height:1.3">${text}</figcaption></figure>\n`
  })
  return html`<h2>The mistakes it was surest of</h2>
<p>${mistakes.length === 0 ? 'No test image was misclassified.' : 'Misclassified test images, by the probability of the wrong class.'}</p>
<div style="display:flex;flex-wrap:wrap;gap:12px">${pictures}</div>`
}

/** A test image as a PNG in a data URI. */
function pictureOf(image: number, { channels, height, test, width }: ReportedNetwork['dataset']): Html {
  const plane = height * width
  const shown = channels === 3 ? 3 : 1
  const data = Uint8Array.from(
    { length: plane * shown },
    (_, i) => test.pixels[image * channels * plane + (i % shown) * plane + Math.floor(i / shown)] as number,
  )
  return new Html(
    `data:image/png;base64,${Buffer.from(encode({ width, height, data, channels: shown })).toString('base64')}`,
  )
}
