import { stringify } from 'yaml'
import type { DatasetCheck } from '../datasets/inspect/check-dataset.js'
import type { SplitFindings } from '../datasets/inspect/inspect-split.js'
import { visibleLine } from '../platform/visible-text.js'

/** The result of checking a data set, for a terminal. Ends with the lines for a configuration. */
export function describeCheck(check: DatasetCheck): string {
  const { kind, path, channels, height, width, classNames, mean, std, taken, notes, problems } = check
  const colours = channels === 1 ? 'grey' : channels === 3 ? 'colour' : `of ${channels} channels`
  const numbers = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(', ')
  return [
    `${path ?? check.name}: ${kind}`,
    `  images      ${width}x${height} (width x height), ${colours}`,
    `  training    ${splitText(check.train)}`,
    ...(check.validation === null ? [] : [`  validation  ${splitText(check.validation)}`]),
    `  test        ${splitText(check.test)}`,
    `  classes     ${classNames.length}: ${visibleLine(shortened(classNames))}`,
    `  mean        ${numbers(mean)}   of the training images, 0..1`,
    `  deviation   ${numbers(std)}`,
    ...(taken === null
      ? []
      : [
          `  in use      ${taken.train} for training, ${taken.validation} for validation, ${taken.test} for the test (${taken.fingerprint})`,
        ]),
    ...notes.map((note) => `note: ${visibleLine(note)}`),
    ...problems.map((problem) => `PROBLEM: ${visibleLine(problem)}`),
    ...(taken === null && check.settings !== null
      ? ['', 'In a configuration:', '', stringify({ data: check.settings }).trimEnd()]
      : []),
  ].join('\n')
}

function splitText({ images, perClass, darkest, brightest }: SplitFindings): string {
  const [fewest, most] = [Math.min(...perClass), Math.max(...perClass)]
  const each = fewest === most ? `${most} per class` : `${fewest} to ${most} per class`
  return `${images}, ${each}, pixels ${darkest}..${brightest}`
}

function shortened(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 10).join(', ')}, ... ${names.at(-1)}` : names.join(', ')
}
