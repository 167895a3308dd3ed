import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Model } from '../models/model.js'
import { RunDirectoryError } from '../platform/errors.js'
import { isRecord } from '../platform/value-checks.js'
import type { Repetition } from '../results/network-metrics.js'
import { readMetrics } from '../results/read-metrics.js'
import { createSearchSpace } from '../spaces/registry.js'
import type { TrainedEpoch } from '../training/checkpoint.js'
import { checkOpenOptions, type LoadNetworkOptions, loadNetwork, openModel } from './load-network.js'
import type { PreparedRun } from './prepare-run.js'
import { surroundingsOf } from './surroundings.js'
import type { FinishedNetwork } from './write-network.js'

/** A network that was trained in full. Accuracies in 0..1. */
export interface TrainedRun {
  readonly kind: 'train'
  readonly architecture: string
  /** Null with `allData`, which leaves no validation images. */
  readonly validationAccuracy: number | null
  readonly testAccuracy: number
  /** That a worker was busy with the training of all networks. */
  readonly computeSeconds: number
  /** What each epoch gave. */
  readonly curve: readonly TrainedEpoch[]
  /** From 1: the epoch whose weights the network has. */
  readonly epoch: number
  /** The accuracies of each network that was trained; with `seeds` the best by validation accuracy is the result. */
  readonly repetitions: readonly Repetition[]
  readonly directory: string | null
  /** The network with its weights, ready to predict. */
  load(options?: Pick<LoadNetworkOptions, 'engine'>): Promise<Model>
}

export function trainedRun(network: FinishedNetwork, { setup }: PreparedRun, directory: string | null): TrainedRun {
  const { curve, epoch, facts, figures, repetitions, testAccuracy, weights } = network
  const { architecture, validationAccuracy } = facts
  const surroundings = surroundingsOf(setup)
  return {
    kind: 'train',
    architecture,
    validationAccuracy,
    testAccuracy,
    computeSeconds: figures.computeSeconds,
    curve,
    epoch,
    repetitions,
    directory,
    async load(options = {}) {
      checkOpenOptions(options)
      const { engine = setup.engine } = options
      const space = createSearchSpace(setup.space)
      return openModel({ ...facts, weights, surroundings }, { engine, surroundings, space })
    },
  }
}

/**
 * The result of a training that has ended, from its directory.
 *
 * @throws RunDirectoryError if a file of it is damaged or missing.
 */
export function recordedTraining(directory: string): TrainedRun {
  const { architecture, curve, epoch, repetitions, testAccuracy, validationAccuracy } = readMetrics(directory)
  return {
    kind: 'train',
    architecture,
    validationAccuracy,
    testAccuracy,
    computeSeconds: computeSecondsOf(path.join(directory, 'summary.json')),
    curve,
    epoch,
    repetitions,
    directory,
    load: (options) => loadNetwork(path.join(directory, 'network.bin'), options),
  }
}

function computeSecondsOf(file: string): number {
  try {
    const summary: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isRecord(summary) && typeof summary.computeSeconds === 'number') return summary.computeSeconds
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new RunDirectoryError(`${file} is damaged, or of another version of fear-nas. Restore it.`)
}
