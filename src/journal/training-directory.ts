import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { systemClock } from '../platform/clock.js'
import { RunDirectoryError } from '../platform/errors.js'
import { removeQuietly, writeFileAtomic } from '../platform/files.js'
import { makeDirectory } from '../platform/make-directory.js'
import { readPlainFile } from '../platform/plain-file.js'
import { isRecord } from '../platform/value-checks.js'
import { placing, trainingAgain, worded } from '../platform/wording.js'
import { explaining } from './folder-errors.js'
import { removeLeftovers } from './leftovers.js'
import { acquireLock, checkLock } from './lock.js'
import { checkResultDirectory } from './result-directory.js'
import type { RunDirectory } from './run-directory.js'
import { writeFailure } from './write-failure.js'

/** What a training is, in its directory from before its first epoch. */
export interface TrainingRecord {
  readonly schema: 1
  /** When it began, ISO 8601. Older versions did not record it. */
  readonly date?: string | undefined
  /** SHA-256 of the modules that its configuration names. */
  readonly modules?: Readonly<Record<string, string>> | undefined
  /** The call, by which it can be repeated. */
  readonly call: { readonly input: object; readonly choices: object }
  /** Everything that decides the weights, by name. A training with others does not continue this one. */
  readonly decides: Readonly<Record<string, unknown>>
}

/** The folder of one training, locked by this process until `close`. */
export interface TrainingDirectory extends Pick<RunDirectory, 'file' | 'write'> {
  removeCheckpoints(): void
  close(): void
}

const recordName = 'training.json'
const mostRecordBytes = 2 ** 24

/** The checkpoint of a network, counted from 1. */
export function checkpointName(network: number): string {
  return `checkpoint-${network}.bin`
}

function removeCheckpoints(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (/^checkpoint-\d+\.bin$/.test(name)) removeQuietly(path.join(directory, name))
  }
}

/** Whether a folder holds a training, finished or not. */
export function holdsTraining(directory: string): boolean {
  return existsSync(path.join(directory, recordName))
}

/** Whether the training in a folder has ended: its summary is written last. */
export function hasEndedTraining(directory: string): boolean {
  return existsSync(path.join(directory, 'summary.json'))
}

/**
 * Removes what a kill has left in the folder of a training that has ended: checkpoints, half-written files and the lock.
 *
 * @throws RunDirectoryError if another process is using it.
 */
export function tidyTraining(directory: string): void {
  explaining(directory, () => {
    const lock = acquireLock(lockOf(directory), systemClock)
    try {
      removeLeftovers(directory)
      removeCheckpoints(directory)
    } finally {
      lock.release()
    }
  })
}

/**
 * Checks, without writing anything, that `openTrainingDirectory` can be expected to succeed.
 *
 * @throws RunDirectoryError as it would.
 */
export function checkTrainingDirectory(directory: string): void {
  checkResultDirectory(directory)
  explaining(directory, () => checkLock(lockOf(directory)))
}

/**
 * Opens the folder of a training: a new one, or one that was begun with the same settings.
 *
 * @throws RunDirectoryError if it holds a run, results or another training, is in use, or cannot be written to.
 */
export function openTrainingDirectory(directory: string, record: TrainingRecord): TrainingDirectory {
  checkTrainingDirectory(directory)
  return explaining(directory, () => {
    makeDirectory(directory)
    const lock = acquireLock(lockOf(directory), systemClock)
    try {
      checkResultDirectory(directory)
      removeLeftovers(directory)
      if (holdsTraining(directory)) checkSame(directory, readTraining(directory), record)
      else writeFileAtomic(path.join(directory, recordName), `${JSON.stringify(record, null, 2)}\n`)
    } catch (error) {
      lock.release()
      throw error
    }
    return {
      file: (name) => path.join(directory, name),
      write(name, contents) {
        const file = path.join(directory, name)
        lock.check()
        try {
          writeFileAtomic(file, contents)
        } catch (error) {
          throw writeFailure(file, error)
        }
      },
      removeCheckpoints: () => removeCheckpoints(directory),
      close: () => lock.release(),
    }
  })
}

/** @throws RunDirectoryError if the folder holds no training, or its record is damaged. */
export function readTraining(directory: string): TrainingRecord {
  const file = path.join(directory, recordName)
  const text = explaining(directory, () =>
    readPlainFile(file, { mostBytes: mostRecordBytes, followLinks: false }).toString('utf8'),
  )
  const record = parsed(text)
  if (isTrainingRecord(record)) return record
  throw new RunDirectoryError(
    `${file} is damaged, or of another version of fear-nas. Restore it, or train in another folder.`,
  )
}

function isTrainingRecord(record: unknown): record is TrainingRecord {
  if (!isRecord(record) || record.schema !== 1 || !isRecord(record.decides)) return false
  const { call, date, modules } = record
  const hasCall = isRecord(call) && isRecord(call.input) && isRecord(call.choices)
  const hashes = modules === undefined ? [] : isRecord(modules) ? Object.values(modules) : [null]
  return hasCall && ['undefined', 'string'].includes(typeof date) && hashes.every((hash) => typeof hash === 'string')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function checkSame(directory: string, { decides: theirs }: TrainingRecord, { decides: ours }: TrainingRecord): void {
  const plain: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(ours))
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(plain)])]
  const different = names.filter((name) => !isDeepStrictEqual(theirs[name], plain[name]))
  if (different.length === 0) return
  throw new RunDirectoryError(
    worded`${directory} holds a training with another ${different.join(', ')}. Continue it: ${trainingAgain(directory)}, or name another folder with ${placing()}.`,
  )
}

function lockOf(directory: string): string {
  return path.join(directory, 'lock')
}
