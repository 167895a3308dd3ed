import { existsSync } from 'node:fs'
import path from 'node:path'
import { RunDirectoryError } from '../platform/errors.js'
import { readPlainFile } from '../platform/plain-file.js'
import {
  accuracy,
  amount,
  type Check,
  fields,
  index,
  isRecord,
  listOf,
  nullable,
  number,
  recordOf,
  text,
} from '../platform/value-checks.js'
import { trainedEpochCheck } from '../training/checkpoint.js'
import type { NetworkMetrics, PicturedMistake } from './network-metrics.js'

const mostBytes = 2 ** 28

const metricsCheck = fields({
  architecture: text,
  classNames: listOf(text),
  testAccuracy: accuracy,
  validationAccuracy: nullable(accuracy),
  testImages: index,
  confusion: listOf((row) => (Array.isArray(row) ? listOf(index) : recordOf(index))(row)),
  accuracyByClass: listOf(nullable(accuracy)),
  curve: listOf(trainedEpochCheck),
  epoch: index,
  parameters: amount,
  flops: amount,
  latency: listOf(fields({ batch: index, milliseconds: number, imagesPerSecond: number })),
  engine: text,
  hardware: fields({ cpu: text }),
  repetitions: listOf(fields({ validationAccuracy: nullable(accuracy), testAccuracy: accuracy })),
})
const mistakesCheck = fields({
  mistakes: listOf(fields({ image: index, label: index, predicted: index, probability: accuracy, png: text })),
})

/**
 * Reads the `metrics.json` of a network's directory.
 *
 * @throws RunDirectoryError if it is absent, damaged or of another version.
 */
export function readMetrics(directory: string): NetworkMetrics {
  return read(path.join(directory, 'metrics.json'), metricsCheck) as unknown as NetworkMetrics
}

/**
 * Reads the `mistakes.json` of a network's directory.
 *
 * @throws RunDirectoryError if it is absent, damaged or of another version.
 */
export function readMistakes(directory: string): readonly PicturedMistake[] {
  const { mistakes } = read(path.join(directory, 'mistakes.json'), mistakesCheck)
  return mistakes as readonly PicturedMistake[]
}

function read(file: string, check: Check): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) {
    throw new RunDirectoryError(`${file} does not exist. Name the directory of a training that has ended.`)
  }
  const value = parsed(readPlainFile(file, { mostBytes }).toString('utf8'))
  const problem = isRecord(value) && value.schema === 1 ? check(value) : ''
  if (problem === null && isRecord(value)) return value
  throw new RunDirectoryError(
    `${file} is damaged, or of another version of fear-nas${problem === '' ? '' : `: ${problem?.trim()}`}. Restore it.`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
