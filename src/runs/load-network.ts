import { existsSync } from 'node:fs'
import path from 'node:path'
import { loadRecordedConfig } from '../config/load-config.js'
import { spaceSetup } from '../config/space-setup.js'
import { loadDataset } from '../datasets/load-dataset.js'
import { chooseEngine } from '../engines/choose-engine.js'
import type { Engine } from '../engines/engine.js'
import { type EngineOptions, engineNames } from '../engines/registry.js'
import { Model } from '../models/model.js'
import { type DecodedNetwork, decodeNetwork, type NetworkSurroundings } from '../models/network-file.js'
import { NetworkFileError } from '../platform/errors.js'
import { readPlainFile } from '../platform/plain-file.js'
import { readSummary } from '../results/recorded-run.js'
import type { SearchSpace } from '../spaces/search-space.js'
import { aFunction, checkOptions, checkText, isFunction, isObject, type OptionChecks } from './check-arguments.js'

/** What a network file is opened with. */
export interface LoadNetworkOptions {
  /** What it runs on: a name, a module, or an engine of your own. Default: `auto`, the fastest engine that loads here. */
  readonly engine?: EngineOptions | 'auto' | Engine | undefined
  /** The search space, where that came from a module or was a value. */
  readonly space?: SearchSpace | undefined
  /** For files of version 1, which lack them. Default: from the run directory that holds the file. */
  readonly surroundings?: NetworkSurroundings | undefined
  /** Told, in a line, that the native engine is built first, which takes a while. Default: a warning of the process. */
  readonly onWarning?: ((message: string) => void) | undefined
}

/** What the options of functions that load a network must be. */
export const networkOptionChecks: OptionChecks<LoadNetworkOptions> = {
  engine: {
    expected: `auto, ${engineNames.join(', ')}, a module ({ name: 'module', module, settings }) or an engine of your own`,
    holds: (engine) =>
      engine === 'auto' ||
      engineNames.some((name) => name === engine) ||
      (isObject(engine) &&
        (('create' in engine && isFunction(engine.create)) ||
          ('name' in engine && (engine.name === 'module' || engine.name === 'value')))),
  },
  space: { expected: 'a search space', holds: isObject },
  surroundings: { expected: 'an object with space, classNames and normalisation', holds: isObject },
  onWarning: aFunction,
}

/** What `loadBest` and `load` take. */
const openOptions: OptionChecks<Pick<LoadNetworkOptions, 'engine'>> = { engine: networkOptionChecks.engine }

/** @throws ConfigError if the options of `loadBest` or `load` are wrong. */
export function checkOpenOptions(options: Pick<LoadNetworkOptions, 'engine'>): void {
  checkOptions(options, openOptions)
}

/** More than any network that an engine can train has. */
export const mostNetworkBytes = 2 ** 33

/**
 * Reads a `best-*.bin` of a run directory, or the `network.bin` of `train`: a trained network that predicts at once.
 *
 * A file of the first format lacks class names and normalisation. They are then made again from the `config.yaml` beside
 * it, for which the data set is read.
 *
 * @throws ConfigError if an option is wrong; NetworkFileError if the file is not that of a network, is damaged, or is of the first format and has no run
 * directory around it; FileKindError if it is no plain file; EngineError if the engine does not load.
 *
 * @example
 * const model = await loadNetwork('results/mine/best-fear.bin')
 * console.log(model.predict(pixels)[0]?.className)
 * model.dispose()
 */
export async function loadNetwork(file: string, options: LoadNetworkOptions = {}): Promise<Model> {
  checkText(file, 'The file of the network')
  checkOptions(options, networkOptionChecks)
  if (!existsSync(file)) throw new NetworkFileError(`${file} does not exist. Name a best-*.bin of a run directory.`)
  const decoded = decodeNetwork(readPlainFile(file, { mostBytes: mostNetworkBytes }), file)
  const surroundings = options.surroundings ?? decoded.surroundings ?? (await surroundingsBeside(file))
  return openModel(decoded, { ...options, surroundings })
}

interface OpenOptions extends Pick<LoadNetworkOptions, 'engine' | 'onWarning' | 'space'> {
  readonly surroundings: NetworkSurroundings
}

/** A network that was read, on its engine. */
export async function openModel(
  decoded: DecodedNetwork,
  { engine = 'auto', onWarning, space, surroundings }: OpenOptions,
): Promise<Model> {
  const isEngine = typeof engine === 'object' && 'create' in engine
  const chosen = isEngine ? engine : (await chooseEngine(engine, { tell: onWarning })).engine
  return new Model(decoded, surroundings, chosen, space)
}

/** What a file of version 1 lacks, from the run directory that it lies in. */
async function surroundingsBeside(file: string): Promise<NetworkSurroundings> {
  const [config, summary] = ['config.yaml', 'summary.json'].map((name) => path.join(path.dirname(file), name))
  if (config === undefined || summary === undefined || !existsSync(config) || !existsSync(summary)) {
    throw new NetworkFileError(
      `${file} is of the first format, which has no class names and no normalisation. Put it back into its run directory ` +
        '(beside config.yaml and summary.json), or pass surroundings.',
    )
  }
  const { data, seed, space } = loadRecordedConfig(config)
  const dataset = await loadDataset({ ...data, seed })
  const { fingerprint } = readSummary(summary).dataset
  if (fingerprint !== dataset.fingerprint) {
    throw new NetworkFileError(
      `${file} was trained on the data ${fingerprint}, and ${config} now gives ${dataset.fingerprint}. Put the original ` +
        'data back, or pass surroundings.',
    )
  }
  const { classNames, normalisation } = dataset
  return { space: spaceSetup(space, dataset), classNames, normalisation }
}
