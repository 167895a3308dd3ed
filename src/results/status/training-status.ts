import { statSync } from 'node:fs'
import path from 'node:path'
import { runHolder } from '../../journal/run-directory.js'
import {
  checkpointName,
  hasEndedTraining,
  readTraining,
  type TrainingRecord,
} from '../../journal/training-directory.js'
import { type Clock, secondsSince } from '../../platform/clock.js'
import { resumeCommand } from '../../platform/shell.js'
import { isRecord } from '../../platform/value-checks.js'
import { bestByValidation } from '../../statistics/best-by-validation.js'
import { readProgress, type TrainedEpoch } from '../../training/checkpoint.js'
import { readMetrics } from '../read-metrics.js'
import type { RunStatus } from './run-status.js'

/** The progress of a training, as printed by `fear-nas status --json`. Accuracies in 0..1. */
export interface TrainingStatus extends Pick<RunStatus, 'schema' | 'directory' | 'owner' | 'resume' | 'date'> {
  readonly command: 'train'
  /** `killed`: its process is gone and has left its lock; `stopped`: it ended before the network was complete. */
  readonly state: Exclude<RunStatus['state'], 'starting'>
  readonly architecture: string
  /** From 1: which of the networks is being trained, or was last. */
  readonly network: number
  readonly networks: number
  /** Epochs of that network that are done. */
  readonly epoch: number
  readonly epochs: number
  /** Of the last epoch that is done. */
  readonly trainAccuracy: number | null
  /** The best so far, of all networks; at the end that of the network that was kept. Null without validation images. */
  readonly validationAccuracy: number | null
  /** Null before the end. */
  readonly testAccuracy: number | null
  /** Of training, at its mean pace so far, if it is not ended early; null before the first epoch and after the last. */
  readonly secondsLeft: number | null
  /** Seconds since its last epoch or its end was written, by the file's date. */
  readonly lastEventSecondsAgo: number
}

/**
 * The progress of the training in a directory, from its record, checkpoints and lock. Only reads.
 *
 * @throws RunDirectoryError if its record or its metrics are damaged; CheckpointError if a checkpoint is.
 */
export function readTrainingStatus(directory: string, clock: Clock): TrainingStatus {
  const record = readTraining(directory)
  // Read before the checkpoints, so that a training that ends meanwhile is not reported as killed.
  const owner = runHolder(directory)
  const { architecture, epochs, networks } = planOf(record)
  const isEnded = hasEndedTraining(directory)
  const progress = isEnded ? endOf(directory, networks) : progressOf(directory, networks, epochs)
  const { file, ...told } = progress
  const state = isEnded ? 'finished' : owner === null ? 'stopped' : owner.alive === false ? 'killed' : 'running'
  return {
    schema: 1,
    directory,
    command: 'train',
    state,
    owner: owner && { pid: owner.pid, host: owner.host, since: owner.date, alive: owner.alive },
    resume: state === 'stopped' || state === 'killed' ? resumeCommand(directory) : null,
    date: record.date ?? null,
    architecture,
    networks,
    epochs,
    ...told,
    lastEventSecondsAgo: Math.max(0, secondsSince(statSync(file).mtimeMs, clock)),
  }
}

interface Plan {
  readonly architecture: string
  readonly epochs: number
  readonly networks: number
}

function planOf({ decides: { architecture, seeds, training } }: TrainingRecord): Plan {
  const count = (value: unknown): number => (Number.isSafeInteger(value) ? Math.max(1, Number(value)) : 1)
  return {
    architecture: String(architecture),
    epochs: count(isRecord(training) ? training.epochs : null),
    networks: count(seeds),
  }
}

type Progress = Pick<
  TrainingStatus,
  'network' | 'epoch' | 'trainAccuracy' | 'validationAccuracy' | 'testAccuracy' | 'secondsLeft'
> & {
  /** Whose date is that of the last event. */
  readonly file: string
}

function endOf(directory: string, networks: number): Progress {
  const { curve, testAccuracy, validationAccuracy } = readMetrics(directory)
  return {
    network: networks,
    epoch: curve.length,
    trainAccuracy: curve.at(-1)?.trainAccuracy ?? null,
    validationAccuracy,
    testAccuracy,
    secondsLeft: null,
    file: path.join(directory, 'summary.json'),
  }
}

function progressOf(directory: string, networks: number, epochs: number): Progress {
  const histories: (readonly TrainedEpoch[])[] = []
  let file = path.join(directory, 'training.json')
  for (let network = 1; network <= networks; network++) {
    const checkpoint = path.join(directory, checkpointName(network))
    const progress = readProgress(checkpoint)
    // They are trained one after the other.
    if (progress === null) break
    file = checkpoint
    histories.push(progress.history)
  }
  const all = histories.flat()
  const last = histories.at(-1) ?? []
  const network = Math.max(1, histories.length)
  const left = epochs - last.length + epochs * (networks - network)
  const seconds = all.reduce((sum, epoch) => sum + epoch.seconds, 0)
  return {
    network,
    epoch: last.length,
    trainAccuracy: last.at(-1)?.trainAccuracy ?? null,
    validationAccuracy: all[bestByValidation(all)]?.validationAccuracy ?? null,
    testAccuracy: null,
    secondsLeft: all.length === 0 || left <= 0 ? null : (seconds / all.length) * left,
    file,
  }
}
