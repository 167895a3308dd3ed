import { existsSync } from 'node:fs'
import path from 'node:path'
import { RunDirectoryError } from '../platform/errors.js'
import { resumeCommand } from '../platform/shell.js'
import { bestByValidation } from '../statistics/best-by-validation.js'
import { readSummary } from './recorded-run.js'

/** The best network that a run trained in full. */
export interface BestArchitecture {
  readonly arm: string
  readonly architecture: string
}

/**
 * The best architecture of an arm; of all arms by validation accuracy where none is named.
 *
 * @throws RunDirectoryError if the run has no summary, no such arm, or no network.
 */
export function bestArchitecture(directory: string, arm: string | null): BestArchitecture {
  const file = path.join(directory, 'summary.json')
  if (!existsSync(file)) {
    throw new RunDirectoryError(
      `${directory} has no summary.json: the run has not ended. Continue it: ${resumeCommand(directory)}`,
    )
  }
  const summary = readSummary(file)
  if ('methods' in summary) {
    throw new RunDirectoryError(`${directory} is a ranking, which has no best network. Use --arch and --config.`)
  }
  const names = Object.keys(summary.arms)
  if (arm !== null && !names.includes(arm)) {
    throw new RunDirectoryError(`${directory} has no arm ${arm}. Its arms are ${names.join(', ')}.`)
  }
  const found = Object.entries(summary.arms).flatMap(([name, { best }]) =>
    best === null || (arm !== null && name !== arm) ? [] : [{ arm: name, ...best }],
  )
  const best = found[bestByValidation(found)]
  if (best !== undefined) return best
  throw new RunDirectoryError(`${directory} has no network: none was trained in full. Use --arch and --config.`)
}
