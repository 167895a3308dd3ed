import { visibleLine } from '../platform/visible-text.js'
import { frequentConfusions, imagesIn } from '../results/network-metrics.js'
import type { ImageResult, LabelledResult } from '../results/predictions.js'
import { formatAccuracy } from './format.js'
import { textTable } from './text-table.js'

/** A class and its probability, in 0..1. */
export interface ProbableClass {
  readonly className: string
  readonly probability: number
}

/** The `top` most probable classes of an image, the most probable first; none if it could not be read. */
export function mostProbableClasses(
  { className: named, probabilities }: ImageResult,
  classNames: readonly string[],
  top: number,
): readonly ProbableClass[] {
  return (
    (probabilities ?? [])
      .map((probability, i) => ({ className: classNames[i] ?? '', probability }))
      // Of equal probabilities the network's choice is first.
      .toSorted(
        (a, b) => b.probability - a.probability || Number(b.className === named) - Number(a.className === named),
      )
      .slice(0, top)
  )
}

/** A line for an image: its most probable classes, and the true one if that is another. */
export function predictionLine(result: ImageResult, classNames: readonly string[], top: number): string {
  if (result.error !== null) return visibleLine(`${result.image}: ${result.error}`)
  const classes = mostProbableClasses(result, classNames, top).map(
    ({ className, probability }) => `${className} ${(100 * probability).toFixed(1)} %`,
  )
  const wrong = result.trueClass !== null && result.trueClass !== result.className
  return visibleLine(`${result.image}: ${classes.join(', ')}${wrong ? ` (wrong: it is ${result.trueClass})` : ''}`)
}

/** Maximum number of classes whose confusion matrix is readable in a terminal. */
const mostMatrixClasses = 12
/** Maximum number of classes that are listed one by one; of more, those with the lowest accuracy. */
const mostListedClasses = 100
const leastAccurate = 20
/** Confusions to name where the matrix is too large. */
const mostConfusions = 10

/** Accuracy, accuracy by class, and the confusions. */
export function labelledText(
  { accuracy, accuracyByClass, confusion, images, right }: LabelledResult,
  names: readonly string[],
): string {
  const classNames = names.map(visibleLine)
  const overall = `${right} of ${images} right: ${formatAccuracy(accuracy)}`
  const rows = classNames.map((name, i) => {
    const row = confusion[i] ?? []
    return { name, row, images: imagesIn(row), accuracy: accuracyByClass[i] ?? null }
  })
  if (classNames.length <= mostMatrixClasses) {
    const head = ['true class', 'accuracy', ...classNames.map((name) => `as ${name}`)]
    return `${overall}\n${textTable(
      head,
      rows.map(({ name, row, accuracy }) => [
        name,
        formatAccuracy(accuracy),
        ...classNames.map((_, i) => String(row[i] ?? 0)),
      ]),
    )}`
  }
  const known = rows.filter((row) => row.images > 0)
  const listed =
    known.length <= mostListedClasses
      ? known
      : known.toSorted((a, b) => (a.accuracy ?? 0) - (b.accuracy ?? 0)).slice(0, leastAccurate)
  const confusions = frequentConfusions(confusion).slice(0, mostConfusions)
  return [
    overall,
    textTable(
      ['true class', 'images', 'accuracy'],
      listed.map((row) => [row.name, String(row.images), formatAccuracy(row.accuracy)]),
    ),
    ...(listed.length === known.length
      ? []
      : [`These are the ${listed.length} classes with the lowest accuracy, of ${known.length}; --json has all.`]),
    ...(confusions.length === 0 ? [] : ['most frequent confusions:']),
    ...confusions.map(({ count, label, predicted }) => `  ${classNames[label]} as ${classNames[predicted]}: ${count}`),
  ].join('\n')
}
