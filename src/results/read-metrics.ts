import path from 'node:path'
import { RunDirectoryError } from '../platform/errors.js'
import { readPlainFile } from '../platform/plain-file.js'
import { isRecord } from '../platform/value-checks.js'
import type { NetworkMetrics } from './network-metrics.js'

const mostBytes = 2 ** 28

/**
 * Reads the `metrics.json` of a network's directory.
 *
 * @throws RunDirectoryError if it is not valid JSON of this version.
 */
export function readMetrics(directory: string): NetworkMetrics {
  const file = path.join(directory, 'metrics.json')
  try {
    const value: unknown = JSON.parse(readPlainFile(file, { mostBytes }).toString('utf8'))
    if (isRecord(value) && value.schema === 1) return value as unknown as NetworkMetrics
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new RunDirectoryError(`${file} is damaged, or of another version of fear-nas. Restore it.`)
}
