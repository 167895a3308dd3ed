import path from 'node:path'
import type { Original } from '../export/check-export.js'
import type { PortableNetwork } from '../export/portable-network.js'
import { exportFormatNames, findExportFormat } from '../export/registry.js'
import { checkDestination, type Destination, type WrittenExport, writeExport } from '../export/write-export.js'
import { aBoolean, aFunction, checkOptions, checkText, isText, type OptionChecks } from './check-arguments.js'
import { imagesFor } from './export-images.js'
import { findNetwork, provenanceOf } from './export-source.js'
import { type LoadNetworkOptions, loadNetwork, networkOptionChecks } from './load-network.js'

/** What a network is exported with. */
export interface ExportOptions extends Pick<LoadNetworkOptions, 'engine' | 'onWarning' | 'space'> {
  /** `onnx`, `tfjs`, `pytorch` or `json`. */
  readonly format: string
  /** The folder to write. Default: beside the network's file, such as `best-fear-onnx`. */
  readonly directory?: string | undefined
  /** Of a run with several: the arm whose network it is. Default: the one with the highest validation accuracy. */
  readonly arm?: string | undefined
  /** Whether files of an earlier export may be replaced; default false. */
  readonly replace?: boolean | undefined
  /** The largest number of images to check on. Default: all test and validation images of the run. */
  readonly images?: number | undefined
  /** The licence under which the network is given away, for its metadata, such as `CC-BY-4.0`. */
  readonly licence?: string | undefined
  /** Told the share of the work in hand that is done, in 0..1, and what that work is. */
  readonly onProgress?: ((fraction: number, message: string) => void) | undefined
}

/** A network that was exported and checked. */
export interface ExportedNetwork extends WrittenExport {
  readonly format: string
  /** The file that it came from. */
  readonly network: string
  readonly architecture: string
}

const checks: OptionChecks<ExportOptions> = {
  engine: networkOptionChecks.engine,
  space: networkOptionChecks.space,
  format: { expected: `one of ${exportFormatNames.join(', ')}`, holds: isText },
  directory: { expected: 'the path of a folder', holds: isText },
  arm: { expected: 'the name of an arm', holds: isText },
  replace: aBoolean,
  images: {
    expected: 'a whole number of at least 1',
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
  licence: { expected: 'text', holds: isText },
  onProgress: aFunction,
  onWarning: networkOptionChecks.onWarning,
}

/**
 * Writes a trained network in a format of other programs, which need no fear-nas: from bytes of images to logits and
 * probabilities, normalisation included. The files are read again and their predictions compared with those of the network
 * on the run's test and validation images before the folder gets its name.
 *
 * @param from a run directory, or the file of a network
 * @throws ConfigError, NetworkFileError or RunDirectoryError, before any work, if an argument is wrong; ExportError if a
 * prediction differs: then no file is left.
 *
 * @example
 * const { directory, check } = await exportNetwork('results/mine', { format: 'onnx' })
 * console.log(directory, check.equalPredictions, 'of', check.images)
 */
export async function exportNetwork(from: string, options: ExportOptions): Promise<ExportedNetwork> {
  checkText(from, 'The run directory or network file')
  checkOptions(options, checks)
  checkText(options.format, 'The option format')
  const { arm, engine, images = Number.POSITIVE_INFINITY, licence = null, onProgress, onWarning } = options
  const { replace = false, space } = options
  const format = findExportFormat(options.format)
  const file = findNetwork(from, arm)
  const destination: Destination = { directory: options.directory ?? defaultDirectory(file, format.name), replace }
  checkDestination(destination)
  const model = await loadNetwork(file, { engine, onWarning, space })
  try {
    const known = provenanceOf(model, file, licence)
    const checkedOn = await imagesFor(model, file, known, images, { onProgress })
    const network: PortableNetwork = {
      spec: model.network,
      weights: model.weights(),
      classNames: model.classNames,
      normalisation: model.normalisation,
      provenance: known,
    }
    const original: Original = { engine: model.engine, logits: (pixels) => model.logits(pixels) }
    const written = await writeExport(format, network, original, checkedOn, destination, (share) =>
      onProgress?.(share, `comparing on ${checkedOn.count} images`),
    )
    return { format: format.name, network: file, architecture: model.architecture, ...written }
  } finally {
    model.dispose()
  }
}

/** `results/mine/best-fear-onnx` for `results/mine/best-fear.bin`. */
function defaultDirectory(file: string, format: string): string {
  return path.join(path.dirname(file), `${path.basename(file, path.extname(file))}-${format}`)
}
