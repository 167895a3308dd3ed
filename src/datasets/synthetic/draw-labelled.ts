import type { Engine } from '../../engines/engine.js'
import { DataError } from '../../platform/errors.js'
import { createRng } from '../../platform/rng.js'
import type { Split } from '../dataset.js'
import { labelImages, type Scorers } from './label-images.js'
import { drawNoise } from './noise.js'
import { createScorer } from './scorer.js'

/** What the images of one split are drawn and labelled by. */
export interface Drawing {
  /** Names every random stream: the same name makes the same images and scorers. */
  readonly name: string
  readonly seed: number
  /** Which stream of images: those of two splits are independent. The scorers are the same. */
  readonly split: string
  /** Values in an image. */
  readonly inputs: number
  readonly classes: number
  readonly perClass: number
  /** Gives up after so many images. */
  readonly mostDraws: number
}

/** How far drawing has come. */
export interface DrawingProgress {
  readonly drawn: number
  /** Images of the class that has the fewest. */
  readonly fewest: number
}

/** More are not drawn at once: so many images of CIFAR's size take 25 MB. */
const drawsAtOnce = 8192

/**
 * Images of noise, each labelled by which of `classes` random scorers gives it the highest score, until there are
 * `perClass` of every class; what a full class would get more is left out. They come sorted by class, and within a class
 * in the order in which they were drawn: so a smaller number is a beginning of a larger one.
 *
 * @throws DataError with the counts if a class is so rare that `mostDraws` images hold too few of it.
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
    // The rarest class decides. Before anything is known it is taken to have a third of its fair share.
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

/** Each image has a stream of its own, so that it does not matter how many are drawn at once. */
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
