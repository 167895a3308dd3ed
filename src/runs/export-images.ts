import { existsSync } from 'node:fs'
import path from 'node:path'
import { loadRecordedConfig } from '../config/load-config.js'
import { type Dataset, joinLabels } from '../datasets/dataset.js'
import { loadDataset } from '../datasets/load-dataset.js'
import type { LoadHooks } from '../datasets/raw-images.js'
import type { CheckImages } from '../export/check-export.js'
import type { Provenance } from '../export/portable-network.js'
import type { Model } from '../models/model.js'
import { counted } from '../platform/count.js'
import { FearNasError } from '../platform/errors.js'
import { firstLineOf } from '../platform/message-of.js'
import { createRng } from '../platform/rng.js'

/**
 * The images on which an export is checked: the test and validation images of the run that a network file lies in, or
 * generated ones if they are not here. Modules that the run's configuration names are not loaded: none of their code runs.
 *
 * @param most of them; the images of each split are balanced, from the first on
 */
export async function imagesFor(
  model: Model,
  file: string,
  { dataset }: Provenance,
  most: number,
  hooks: LoadHooks,
): Promise<CheckImages> {
  const found = await datasetBeside(file, hooks)
  if (typeof found === 'string') return generated(model, most, found)
  const { channels, height, width } = model.input
  const isSame = found.channels === channels && found.height === height && found.width === width
  if (
    !isSame ||
    found.classes !== model.classNames.length ||
    (dataset?.fingerprint ?? found.fingerprint) !== found.fingerprint
  ) {
    return generated(model, most, `the images of ${found.name} are not those of the run any more`)
  }
  return labelled(found, most)
}

/** The images of the run, or why they are not to be had. */
async function datasetBeside(file: string, hooks: LoadHooks): Promise<Dataset | string> {
  const config = path.join(path.dirname(file), 'config.yaml')
  if (!existsSync(config)) return `there is no ${config}`
  try {
    const { data, seed } = loadRecordedConfig(config)
    if (data.name === 'module' || data.name === 'value') return 'those of the run come from code of its own'
    return await loadDataset({ ...data, seed }, hooks)
  } catch (error) {
    if (error instanceof FearNasError) return firstLineOf(error)
    throw error
  }
}

function labelled({ classes, name, test, validation }: Dataset, most: number): CheckImages {
  const size = validation.pixels.length / validation.count
  const tested = Math.min(test.count, most)
  const validated = Math.min(validation.count, most - tested)
  return {
    count: tested + validated,
    pixels: joined(test.pixels.subarray(0, tested * size), validation.pixels.subarray(0, validated * size)),
    labels: joinLabels(classes, [test.labels.subarray(0, tested), validation.labels.subarray(0, validated)]),
    description: `${[...partOf(tested, test.count, 'test image'), ...partOf(validated, validation.count, 'validation image')].join(' and ')} of ${name}`,
  }
}

/** `all 100 test images`, `the first 30 test images`; nothing if there are none. */
function partOf(count: number, all: number, noun: string): readonly string[] {
  if (count === 0) return []
  return [`${count === all ? 'all' : 'the first'} ${counted(count, noun)}`]
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

const generatedImages = 256

/** Noise of random brightness and contrast, the same every time. */
function generated({ input: { channels, height, width } }: Model, most: number, reason: string): CheckImages {
  const count = Math.min(generatedImages, most)
  const size = channels * height * width
  const rng = createRng('images to check exports')
  const pixels = new Uint8ClampedArray(count * size)
  for (let from = 0; from < pixels.length; from += size) {
    const brightness = 255 * rng.nextFloat()
    const contrast = 255 * rng.nextFloat()
    for (let i = from; i < from + size; i++) pixels[i] = brightness + contrast * (rng.nextFloat() - 0.5)
  }
  return {
    count,
    pixels: new Uint8Array(pixels.buffer),
    labels: null,
    description: `${counted(count, 'generated image')} (${reason.replace(/\.$/, '')})`,
  }
}
