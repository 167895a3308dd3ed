import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/schema/config.js'
import { resultsVersion } from '../journal/results-version.js'
import type { TrainingRecord } from '../journal/training-directory.js'
import { decodeNetwork, type NetworkSurroundings } from '../models/network-file.js'
import { arraysOf, bytesOfArrays } from '../networks/weight-bytes.js'
import type { NetworkWeights } from '../networks/weights.js'
import { systemClock } from '../platform/clock.js'
import { ConfigError, NetworkFileError } from '../platform/errors.js'
import { readPlainFile } from '../platform/plain-file.js'
import { sha256 } from '../platform/sha256.js'
import type { Architecture } from '../spaces/search-space.js'
import { findNetwork } from './export-source.js'
import { mostNetworkBytes } from './load-network.js'
import type { PreparedRun } from './prepare-run.js'
import type { TrainChoices, TrainInput } from './train-options.js'

/** The weights that a training begins with, and their SHA-256. */
export interface Start {
  readonly weights: NetworkWeights
  readonly sha256: string
}

/**
 * Reads the network that a training begins with.
 *
 * @throws NetworkFileError if the file is none; ConfigError if its network is another one than is to be trained.
 */
export function readStart(from: string, architecture: Architecture, ours: NetworkSurroundings): Start {
  if (!existsSync(from)) {
    throw new NetworkFileError(
      `${from} does not exist. Name a best-*.bin of a run directory, or the network.bin of a training.`,
    )
  }
  const file = findNetwork(from, undefined)
  const network = decodeNetwork(readPlainFile(file, { mostBytes: mostNetworkBytes }), file)
  const { surroundings, weights } = network
  const differs =
    network.architecture !== architecture
      ? `it has the architecture ${network.architecture}`
      : surroundings === null || isDeepStrictEqual(plain(surroundings.space), plain(ours.space))
        ? null
        : 'it has other channels, cells, classes or images'
  if (differs !== null) {
    throw new ConfigError(
      `${file} cannot be the start of ${architecture}: ${differs}. Name a network of the same shape.`,
    )
  }
  return { weights, sha256: sha256(bytesOfArrays(arraysOf(weights))) }
}

/** What a training is: how it was called, and everything that decides its weights. */
export function trainingRecord(
  input: TrainInput,
  choices: TrainChoices,
  {
    architecture,
    config,
    start,
  }: { readonly architecture: Architecture; readonly config: Config; readonly start: Start | null },
  { dataset, engine, modules, setup }: Pick<PreparedRun, 'dataset' | 'engine' | 'modules' | 'setup'>,
): TrainingRecord {
  const { seed } = config
  const { allData = false, patience = null, seeds = 1 } = choices
  const { device, version } = engine.info
  return {
    schema: 1,
    date: systemClock.date(),
    modules,
    call: plain({ input, choices }) as TrainingRecord['call'],
    decides: plain({
      architecture,
      data: dataset.fingerprint,
      space: setup.space,
      training: setup.recipe,
      seed,
      allData,
      patience,
      seeds,
      start: start?.sha256 ?? null,
      engine: `${engine.name} ${version} ${device}`,
      resultsVersion,
    }) as TrainingRecord['decides'],
  }
}

/** As JSON, in which a part that was passed as a value is its name. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
