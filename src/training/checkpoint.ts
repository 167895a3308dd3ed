import { closeSync, existsSync, fstatSync, readSync } from 'node:fs'
import { arraysOf, bytesOfArrays, weightsIn } from '../networks/weight-bytes.js'
import type { NetworkWeights } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import { writeFileAtomic } from '../platform/files.js'
import { openPlainFile, readPlainFile } from '../platform/plain-file.js'
import { sha256 } from '../platform/sha256.js'
import {
  accuracy,
  type Check,
  fields,
  index,
  isRecord,
  listOf,
  nullable,
  recordOf,
  seconds,
  text,
} from '../platform/value-checks.js'
import type { Cost } from './cost.js'

/** A file is not a checkpoint, is damaged, or belongs to another training. */
export class CheckpointError extends FearNasError {
  override readonly exitCode = 2
}

/** One epoch of a training that is measured after each. Accuracies in 0..1. */
export interface TrainedEpoch {
  /** From 0. */
  readonly epoch: number
  /** Running mean over the epoch's batches, before each update. */
  readonly trainAccuracy: number
  readonly trainLoss: number
  /** After the epoch; null without validation images. */
  readonly validationAccuracy: number | null
  readonly validationLoss: number | null
  /** The seconds a worker was busy with this epoch and its validation. */
  readonly seconds: number
}

/** A training between two epochs: all that it needs to go on exactly as if it had not been interrupted. */
export interface Checkpoint {
  /** Names the training: a checkpoint of another one is refused. */
  readonly key: string
  readonly history: readonly TrainedEpoch[]
  /** What the epochs have cost, by phase. */
  readonly phases: Readonly<Record<string, Cost>>
  readonly weights: NetworkWeights
  /** Null where the engine does not tell its momentum: then the training cannot go on. */
  readonly momentum: Float32Array | null
  /** The weights of the best epoch by validation accuracy, if they are kept. */
  readonly best: NetworkWeights | null
}

const magic = 'FEARTRN1'
const start = magic.length + 4
const mostHeaderBytes = 2 ** 28
const mostBytes = 2 ** 34

const loss: Check = (value) => (typeof value === 'number' ? null : ' must be a number')
const costCheck = fields({ computeSeconds: seconds, trainingFlops: loss, steps: loss, epochs: loss })

/** Checks a `TrainedEpoch` that comes from a file. */
export const trainedEpochCheck: Check = fields({
  epoch: index,
  trainAccuracy: accuracy,
  trainLoss: loss,
  validationAccuracy: nullable(accuracy),
  validationLoss: nullable(loss),
  seconds,
})

const headerCheck = fields({
  key: text,
  history: listOf(trainedEpochCheck),
  phases: recordOf(costCheck),
  parameters: index,
  statistics: index,
  momentum: index,
  best: index,
  sha256: text,
})

interface Header extends Pick<Checkpoint, 'key' | 'history' | 'phases'> {
  readonly parameters: number
  readonly statistics: number
  /** Their number of values: that of the parameters, or 0 for none. */
  readonly momentum: number
  readonly best: number
  /** Of the arrays, in hexadecimal. */
  readonly sha256: string
}

/** Writes a checkpoint atomically: a process that is killed leaves the old one or the new. */
export function writeCheckpoint(file: string, { best, history, key, momentum, phases, weights }: Checkpoint): void {
  const parts = [...arraysOf(weights), momentum ?? new Float32Array(0), ...(best === null ? [] : arraysOf(best))]
  const arrays = bytesOfArrays(parts)
  const header: Header = {
    key,
    history,
    phases,
    parameters: weights.parameters.length,
    statistics: weights.runningMean.length,
    momentum: momentum?.length ?? 0,
    best: best?.parameters.length ?? 0,
    sha256: sha256(arrays),
  }
  const written = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(written.length)
  writeFileAtomic(file, Buffer.concat([Buffer.from(magic), length, written, arrays]))
}

/**
 * Reads a checkpoint; null if there is none.
 *
 * @throws CheckpointError if it is damaged, or not that of the training `key`.
 */
export function readCheckpoint(file: string, key: string): Checkpoint | null {
  if (!existsSync(file)) return null
  const bytes = readPlainFile(file, { mostBytes, followLinks: false })
  const header = headerOf(bytes, file)
  if (header.key !== key) {
    throw new CheckpointError(
      `${file} belongs to a training with other settings. Name another folder, or delete the file to start again.`,
    )
  }
  const arrays = bytes.subarray(start + bytes.readUInt32LE(magic.length))
  const { best, history, momentum, parameters, phases, statistics } = header
  const weightCount = parameters + 2 * statistics
  if (arrays.length !== 4 * (weightCount + momentum + (best === 0 ? 0 : weightCount)))
    throw damaged(file, 'its length is wrong')
  if (sha256(arrays) !== header.sha256) throw damaged(file, 'its contents are not those that were written')
  const values = new Float32Array(Uint8Array.from(arrays).buffer)
  return {
    key,
    history,
    phases,
    weights: weightsIn(values, 0, parameters, statistics),
    momentum: momentum === 0 ? null : values.slice(weightCount, weightCount + momentum),
    best: best === 0 ? null : weightsIn(values, weightCount + momentum, parameters, statistics),
  }
}

/** The epochs of a checkpoint and whether it can go on, without its arrays; null if there is none. */
export function readProgress(file: string): (Pick<Checkpoint, 'history'> & { readonly canGoOn: boolean }) | null {
  if (!existsSync(file)) return null
  const descriptor = openPlainFile(file, { mostBytes, followLinks: false })
  try {
    const head = Buffer.alloc(start)
    readSync(descriptor, head, 0, start, 0)
    const length = head.toString('latin1', 0, magic.length) === magic ? head.readUInt32LE(magic.length) : 0
    const { size } = fstatSync(descriptor)
    const bytes = Buffer.alloc(Math.min(size, start + Math.min(length, mostHeaderBytes)))
    readSync(descriptor, bytes, 0, bytes.length, 0)
    const { history, momentum } = headerOf(bytes, file)
    return { history, canGoOn: momentum > 0 }
  } finally {
    closeSync(descriptor)
  }
}

function headerOf(bytes: Buffer, file: string): Header {
  if (bytes.toString('latin1', 0, magic.length) !== magic || bytes.length < start) {
    throw damaged(file, `it does not begin with ${magic}`)
  }
  const length = bytes.readUInt32LE(magic.length)
  if (length > mostHeaderBytes || start + length > bytes.length) throw damaged(file, 'its header is not complete')
  const header = parse(bytes.toString('utf8', start, start + length))
  const problem = headerCheck(header)
  if (problem !== null || !isRecord(header)) throw damaged(file, `its header${problem ?? ''}`)
  return header as unknown as Header
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function damaged(file: string, why: string): CheckpointError {
  return new CheckpointError(`${file} is no complete checkpoint: ${why}. Delete it: the training then starts again.`)
}
