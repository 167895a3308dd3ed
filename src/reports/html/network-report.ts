import { encode } from 'fast-png'
import type { Dataset } from '../../datasets/dataset.js'
import type { NetworkMetrics, PicturedMistake } from '../../results/network-metrics.js'
import { learningCurve } from '../charts/learning-curve.js'
import { formatAccuracy, formatCount, formatFlops } from '../format.js'
import { spreadText } from '../network-text.js'
import { confusionSection } from './confusion.js'
import { type Html, html } from './html.js'
import { type KeyFigure, renderPage } from './page.js'

export interface ReportedNetwork {
  readonly metrics: NetworkMetrics
  readonly mistakes: readonly PicturedMistake[]
}

type Pictured = Pick<Dataset, 'channels' | 'height' | 'width' | 'test'>

/** The page of a trained network, in one file. */
export function networkReport({ metrics, mistakes }: ReportedNetwork): Promise<string> {
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
    [confusionSection(metrics), mistakesOf(mistakes, metrics)],
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

function mistakesOf(mistakes: readonly PicturedMistake[], { classNames }: NetworkMetrics): Html {
  const name = (label: number): string => classNames[label] ?? String(label)
  const pictures = mistakes.map(({ label, png, predicted, probability }) => {
    const text = `${name(label)}, taken for ${name(predicted)} (${formatAccuracy(probability).replace(' ', '\u00a0')})`
    return html`<figure><img src="data:image/png;base64,${png}" alt="${text}"><figcaption>${text}</figcaption></figure>\n`
  })
  return html`<h2>The mistakes it was surest of</h2>
<p>${mistakes.length === 0 ? 'No test image was misclassified.' : 'Misclassified test images, by the probability of the wrong class.'}</p>
<div class="mistakes">${pictures}</div>`
}

/** A test image as a PNG in base64. */
export function picture(image: number, { channels, height, test, width }: Pictured): string {
  const plane = height * width
  const shown = channels === 3 ? 3 : 1
  const data = Uint8Array.from(
    { length: plane * shown },
    (_, i) => test.pixels[image * channels * plane + (i % shown) * plane + Math.floor(i / shown)] as number,
  )
  return Buffer.from(encode({ width, height, data, channels: shown })).toString('base64')
}
