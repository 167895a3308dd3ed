import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodeFitted, type Fitting } from '../datasets/folders/decode/decode-image.js'
import { type FoundImage, findImages } from '../datasets/folders/find-images.js'
import { mostImageFileBytes } from '../datasets/limits.js'
import type { Model } from '../models/model.js'
import { counted } from '../platform/count.js'
import { ConfigError, DataError } from '../platform/errors.js'
import { inParallel } from '../platform/in-parallel.js'
import { messageOf } from '../platform/message-of.js'
import { FileKindError, readPlainFile } from '../platform/plain-file.js'
import { type ImageResult, type LabelledResult, labelledResult } from '../results/predictions.js'
import { aFunction, checkOptions, isText, type OptionChecks } from './check-arguments.js'
import { findNetwork } from './export-source.js'
import { type LoadNetworkOptions, loadNetwork, networkOptionChecks } from './load-network.js'

/** How images are classified. */
export interface PredictOptions extends Pick<LoadNetworkOptions, 'engine' | 'space'> {
  /** Of a run with several: the arm whose network it is. Default: the one with the highest validation accuracy. */
  readonly arm?: string | undefined
  /** Told the share of the images that is done, in 0..1, and what is done. */
  readonly onProgress?: ((fraction: number, message: string) => void) | undefined
  /** Told of each image as it is classified, in order. */
  readonly onImage?: ((result: ImageResult) => void) | undefined
  /** Told of what was passed over. */
  readonly onWarning?: ((message: string) => void) | undefined
}

/** Images, and what a network says of them. */
export interface PredictedImages {
  /** The file of the network. */
  readonly network: string
  readonly architecture: string
  readonly classNames: readonly string[]
  readonly images: readonly ImageResult[]
  /** Of the images whose class is known from their folder; null without any. */
  readonly labelled: LabelledResult | null
}

const checks: OptionChecks<PredictOptions> = {
  engine: networkOptionChecks.engine,
  space: networkOptionChecks.space,
  arm: { expected: 'the name of an arm', holds: isText },
  onProgress: aFunction,
  onImage: aFunction,
  onWarning: aFunction,
}

/** Images to classify at once: few enough to need little memory, and to end soon after Ctrl-C. */
const batch = 64

/**
 * Classifies image files by a trained network: decoded, turned, made grey or colour, and resized as in training. An image
 * that cannot be read costs that image only: its result has an `error`.
 *
 * @param from a run directory, the directory of `train`, or the file of a network
 * @param paths image files, and folders of them; folders with the names of classes tell the true class
 * @throws ConfigError, NetworkFileError, RunDirectoryError or DataError, before any work, if an argument is wrong or there
 * are no images.
 *
 * @example
 * const { images, labelled } = await predictImages('results/mine', ['photos'])
 * console.log(images[0]?.className, images[0]?.probability, labelled?.accuracy)
 */
export async function predictImages(
  from: string,
  paths: readonly string[],
  options: PredictOptions = {},
): Promise<PredictedImages> {
  if (!isText(from)) throw new ConfigError('The run directory or network file must be text.')
  if (!Array.isArray(paths) || paths.length === 0 || !paths.every(isText)) {
    throw new ConfigError('The images must be a list of paths, with at least one.')
  }
  checkOptions(options, checks)
  const { arm, engine, onImage, onProgress, onWarning, space } = options
  checkNoExport(from)
  const file = findNetwork(from, arm)
  const model = await loadNetwork(file, { engine, space })
  try {
    const { architecture, classNames } = model
    const fitting = fittingOf(model)
    const found = await findImages(paths, classNames)
    for (const note of found.notes) onWarning?.(note)
    const results: ImageResult[] = []
    for (let at = 0; at < found.images.length; at += batch) {
      onProgress?.(at / found.images.length, `classifying ${counted(found.images.length, 'image')}`)
      for (const result of await classify(model, found.images.slice(at, at + batch), fitting)) {
        results.push(result)
        onImage?.(result)
      }
      // So that signals and timers have their turn.
      await setImmediate()
    }
    return { network: file, architecture, classNames, images: results, labelled: labelledResult(results, classNames) }
  } finally {
    model.dispose()
  }
}

/** @throws ConfigError if a folder is one that `exportNetwork` wrote. */
function checkNoExport(from: string): void {
  const names = ['model.onnx', 'model.json', 'model.py', 'network.json']
  if (!names.some((name) => existsSync(path.join(from, name)) || path.basename(from) === name)) return
  throw new ConfigError(`${from} is an export for other programs. Name the run, or the network file that it came from.`)
}

/** How an image becomes one that the network takes. @throws ConfigError if no image of a file can. */
function fittingOf({ input: { channels, height, width } }: Model): Fitting & { readonly size: number | null } {
  if (channels !== 1 && channels !== 3) {
    throw new ConfigError(
      `The network takes images of ${channels} channels, which no image file has. Use model.predict.`,
    )
  }
  return { channels, size: height === width ? height : null }
}

async function classify(
  model: Model,
  images: readonly FoundImage[],
  fitting: Fitting,
): Promise<readonly ImageResult[]> {
  const { channels, height, width } = model.input
  const length = channels * height * width
  const decoded = new Array<Uint8Array | string>(images.length).fill('')
  const limits = { most: availableParallelism(), weightOf: () => 1, mostWeight: batch }
  await inParallel(images, limits, async ({ file }, i) => {
    try {
      const image = await decodeFitted(readPlainFile(file, { mostBytes: mostImageFileBytes }), fitting)
      if (image.height !== height || image.width !== width) {
        throw new DataError(
          `it has ${image.width}x${image.height} pixels, and the network, which is not square, takes ${width}x${height}`,
        )
      }
      decoded[i] = image.pixels
    } catch (error) {
      if (error instanceof ConfigError) throw error
      decoded[i] = reasonOf(error, file)
    }
  })
  const readable = decoded.filter((pixels) => typeof pixels !== 'string')
  const pixels = new Uint8Array(readable.length * length)
  for (const [i, image] of readable.entries()) pixels.set(image, i * length)
  const predictions = model.predict(pixels).values()
  return images.map(({ file, label }, i) => {
    const trueClass = label === null ? null : (model.classNames[label] ?? null)
    const error = decoded[i]
    const prediction = typeof error === 'string' ? undefined : predictions.next().value
    if (prediction === undefined) {
      return { image: file, className: null, probability: null, probabilities: null, trueClass, error: String(error) }
    }
    const { className, probabilities, probability } = prediction
    return { image: file, className, probability, probabilities: [...probabilities], trueClass, error: null }
  })
}

/** Without the name of the file, which the result has anyway. */
function reasonOf(error: unknown, file: string): string {
  const message = messageOf(error)
  return error instanceof FileKindError ? message.replace(`${file} `, 'it ').replace(/\.$/, '') : message
}
