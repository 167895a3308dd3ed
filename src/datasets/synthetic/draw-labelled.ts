import type { Engine } from '../../engines/engine.js'
import { DataError } from '../../platform/errors.js'
import { createRng } from '../../platform/rng.js'
import type { Split } from '../dataset.js'
import { labelImages, type Scorers } from './label-images.js'
import { drawNoise } from './noise.js'
import { createScorer } from './scorer.js'

/** Parameters for drawing and labelling the images of one split. */
export interface Drawing {
  /** Seed of all random streams: the same seed gives the same images and scorers. */
  readonly name: string
  readonly seed: number
  /** Which stream of images: those of two splits are independent. The scorers are the same. */
  readonly split: string
  /** Values in an image. */
  readonly inputs: number
  readonly classes: number
  readonly perClass: number
  /** Maximum number of images to draw. */
  readonly mostDraws: number
}

/** Progress of drawing. */
export interface DrawingProgress {
  readonly drawn: number
  /** Number of images of the smallest class. */
  readonly fewest: number
}

/** Maximum number per chunk; this many images of CIFAR's size take 25 MB. */
const drawsAtOnce = 8192

/**
 * Draws noise images, labels each by the one of `classes` random scorers with the highest score, until there are
 * `perClass` of every class; further images of a full class are dropped. Sorted by class, and within a class in drawing
 * order, so a smaller number is a prefix of a larger one.
 *
 * @throws DataError with the counts if a class is so rare that `mostDraws` images contain too few of it.
 */
export async function drawLabelled(
  drawing: Drawing,
  engine: Engine,
  onProgress: (progress: DrawingProgress) => void,
): Promise<Split> {
  const { name, seed, split, inputs, classes, perClass, mostDraws } = drawing
  const scorers: Scorers = {
    inputs,
    count: classes,
    create: (index) => createScorer(inputs, createRng(name, seed, 'scorer', index)),
  }
  const byClass: Uint8Array[][] = Array.from({ length: classes }, () => [])
  let fewest = 0
  for (let drawn = 0; fewest < perClass; ) {
    if (drawn >= mostDraws) {
      const counts = byClass.map((images) => images.length).join(', ')
      throw new DataError(
        `${name} is short of ${split} images: after ${drawn} draws its classes have ${counts}, and ${perClass} of ` +
          'each are wanted. Ask for another number of images.',
      )
    }
    // The rarest class determines the progress. At first it is assumed to have a third of its fair share.
    const share = drawn === 0 ? 1 / (3 * classes) : (fewest + 1) / (drawn + 1)
    const draws = Math.min(drawsAtOnce, Math.ceil((perClass - fewest) / share) + 16, mostDraws - drawn)
    const images = drawImages(drawing, drawn, draws)
    const labels = await labelImages(images, scorers, engine, (fraction) =>
      onProgress({ drawn: Math.round(drawn + fraction * draws), fewest }),
    )
    for (const [i, label] of labels.entries()) {
      const sameClass = byClass[label] as Uint8Array[]
      if (sameClass.length < perClass) sameClass.push(images.slice(i * inputs, (i + 1) * inputs))
    }
    fewest = Math.min(...byClass.map(({ length }) => length))
    drawn += draws
  }
  return sortedSplit(byClass, inputs)
}

/** Each image has its own random stream, so the chunk size does not matter. */
function drawImages({ name, seed, split, inputs }: Drawing, first: number, count: number): Uint8Array {
  const images = new Uint8Array(count * inputs)
  for (let i = 0; i < count; i++) {
    drawNoise(createRng(name, seed, split, first + i), images.subarray(i * inputs, (i + 1) * inputs))
  }
  return images
}

function sortedSplit(byClass: readonly (readonly Uint8Array[])[], inputs: number): Split {
  const count = byClass.reduce((sum, images) => sum + images.length, 0)
  const pixels = new Uint8Array(count * inputs)
  const labels = new Uint8Array(count)
  let at = 0
  for (const [label, images] of byClass.entries()) {
    for (const image of images) {
      pixels.set(image, at * inputs)
      labels[at++] = label
    }
  }
  return { count, pixels, labels }
}
