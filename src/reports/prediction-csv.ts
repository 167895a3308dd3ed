import type { ImageResult } from '../results/predictions.js'
import { mostProbableClasses } from './prediction-text.js'

/** The columns of `predictionCsv`, for `top` classes. */
export function predictionCsvHead(top: number): string {
  const classes = Array.from({ length: top }, (_, i) =>
    i === 0 ? ['class', 'probability'] : [`class${i + 1}`, `probability${i + 1}`],
  )
  return csvLine(['image', ...classes.flat(), 'true_class', 'error'])
}

/** A line of CSV (RFC 4180) for an image, with its `top` most probable classes. Probabilities are in 0..1. */
export function predictionCsv(result: ImageResult, classNames: readonly string[], top: number): string {
  const classes = mostProbableClasses(result, classNames, top).flatMap(({ className, probability }) => [
    className,
    String(probability),
  ])
  const filled = Array.from({ length: 2 * top }, (_, i) => classes[i] ?? '')
  return csvLine([result.image, ...filled, result.trueClass ?? '', result.error ?? ''])
}

/** Fields with quotes, commas or line ends are quoted, as CSV readers expect. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`
}
