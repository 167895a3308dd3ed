import type { Latency } from '../benchmarks/latency.js'
import type { Dataset } from '../datasets/dataset.js'
import type { Hardware } from '../platform/hardware.js'
import type { TrainedEpoch } from '../training/checkpoint.js'
import type { Classified } from '../training/classify-images.js'

/** How a trained network does, as `metrics.json` of its directory has it. Accuracies in 0..1. */
export interface NetworkMetrics {
  readonly schema: 1
  readonly architecture: string
  readonly classNames: readonly string[]
  readonly testAccuracy: number
  /** Null where no validation images were set aside. */
  readonly validationAccuracy: number | null
  readonly testImages: number
  /** Of the test images. */
  readonly confusion: Confusion
  /** Of the test images of each class; null if it has none. */
  readonly accuracyByClass: readonly (number | null)[]
  /** What each epoch gave. */
  readonly curve: readonly TrainedEpoch[]
  /** From 1: the epoch whose weights the network has. */
  readonly epoch: number
  readonly parameters: number
  /** FLOPs of one image, forward; a multiply-add counts as two. */
  readonly flops: number
  /** Measured on this machine, in one thread. */
  readonly latency: readonly Latency[]
  readonly engine: string
  readonly hardware: Hardware
  /** Of each network, where several were trained; of one a single entry. */
  readonly repetitions: readonly Repetition[]
}

/**
 * Numbers of images, `[true class][predicted class]`. Each row is a list with a number for each class; with more than 256
 * classes it is an object with the numbers above 0 only, by predicted class, since a whole matrix of 65,536 classes would
 * need 34 GB.
 */
export type Confusion = readonly Readonly<Record<number, number>>[]

export interface Repetition {
  readonly validationAccuracy: number | null
  readonly testAccuracy: number
}

/** A misclassified image. */
export interface Mistake {
  /** In the test images, from 0. */
  readonly image: number
  readonly label: number
  readonly predicted: number
  /** Of the predicted class, in 0..1. */
  readonly probability: number
}

/** With the image, as a PNG in base64; `mistakes.json` has them. */
export interface PicturedMistake extends Mistake {
  readonly png: string
}

/** Maximum number of classes whose matrix is whole. */
const mostWhole = 256

/**
 * Images by true and predicted class.
 *
 * @param labels the true class of each image, by its index
 * @param predicted the class that the network says, likewise
 */
export function confusionOf(classes: number, labels: ArrayLike<number>, predicted: ArrayLike<number>): Confusion {
  const confusion = Array.from(
    { length: classes },
    (): Record<number, number> => (classes <= mostWhole ? new Array<number>(classes).fill(0) : {}),
  )
  for (let image = 0; image < labels.length; image++) {
    const row = confusion[labels[image] as number]
    const column = predicted[image] as number
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
  }
  return confusion
}

/** The number of images of a class, by its row. */
export function imagesIn(row: Confusion[number]): number {
  return Object.values(row).reduce((sum, count) => sum + count, 0)
}

/** The accuracy of each class; null of no images. */
export function accuracyByClass(confusion: Confusion): (number | null)[] {
  return confusion.map((row, label) => {
    const images = imagesIn(row)
    return images === 0 ? null : (row[label] ?? 0) / images
  })
}

/** How often images of one class were taken for another. */
export interface ClassConfusion {
  readonly label: number
  readonly predicted: number
  readonly count: number
}

/** The confusions that occurred, the most frequent first. */
export function frequentConfusions(confusion: Confusion): readonly ClassConfusion[] {
  return confusion
    .flatMap((row, label) =>
      Object.entries(row).flatMap(([column, count]) => {
        const predicted = Number(column)
        return count === 0 || predicted === label ? [] : [{ label, predicted, count }]
      }),
    )
    .toSorted((a, b) => b.count - a.count)
}

/** The misclassified images that the network was surest of, the surest first. */
export function surestMistakes({ labels }: Dataset['test'], classified: Classified, most: number): readonly Mistake[] {
  const mistakes: Mistake[] = []
  classified.labels.forEach((predicted, image) => {
    const label = labels[image] as number
    if (label === predicted) return
    mistakes.push({ image, label, predicted, probability: classified.probabilities[image] as number })
  })
  return mistakes.toSorted((a, b) => b.probability - a.probability || a.image - b.image).slice(0, most)
}
