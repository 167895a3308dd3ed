import type { Dataset, Split } from '../datasets/dataset.js'
import type { Batch } from '../engines/engine.js'
import { DataError } from '../platform/errors.js'
import { createRng, type SeedPart } from '../platform/rng.js'
import { EpochAugmentation, isAugmented } from './augmentation.js'
import type { Augmentation } from './recipe.js'

/**
 * The batches of one epoch after another. `at` returns the same object, refilled, for every full batch: use it before
 * asking for the next. The last batch may be smaller and is kept.
 */
export interface EpochBatches<B> {
  /** Batches in an epoch. */
  readonly steps: number
  /** Images in an epoch. */
  readonly images: number
  /** Sets the order (and the augmentation) of an epoch, a function of the data seed and `epoch` alone. */
  begin(epoch: number): void
  /** Batch `step`, 0..steps-1, of the epoch begun last. */
  at(step: number): B
}

/** How training images are drawn. The data seed is the same for all trials, so all see the same order. */
export interface Shuffle {
  readonly dataSeed: readonly SeedPart[]
  readonly augmentation: Augmentation
  /** Whether every epoch has the order of the first; augmentation is still drawn per epoch. */
  readonly sameOrder?: boolean | undefined
}

/** The images of a split as normalised float32 batches; in the split's own order where there is no `shuffle`. */
export class ImageBatches implements EpochBatches<Batch> {
  readonly steps: number
  readonly images: number
  readonly #split: Split
  readonly #channels: number
  readonly #plane: number
  readonly #table: Float32Array
  readonly #shuffle: Shuffle | null
  readonly #augmentation: EpochAugmentation | null
  #order: Uint32Array
  readonly #full: Batch
  readonly #last: Batch

  /** @throws DataError if the split is empty. */
  constructor(dataset: Dataset, split: Split, batch: number, shuffle: Shuffle | null = null) {
    if (split.count === 0) throw new DataError(`A split of ${dataset.name} that is needed here has no images.`)
    const count = Math.min(batch, split.count)
    this.images = split.count
    this.steps = Math.ceil(split.count / count)
    this.#split = split
    this.#channels = dataset.channels
    this.#plane = dataset.height * dataset.width
    this.#table = normalisationTable(dataset.normalisation)
    this.#shuffle = shuffle
    this.#augmentation =
      shuffle !== null && isAugmented(shuffle.augmentation)
        ? new EpochAugmentation(shuffle.augmentation, dataset, split.count)
        : null
    this.#order = Uint32Array.from({ length: split.count }, (_, i) => i)
    const size = dataset.channels * this.#plane
    const images = new Float32Array(count * size)
    const labels = new Int32Array(count)
    const rest = split.count - (this.steps - 1) * count
    this.#full = { images, labels, count }
    this.#last = { images: images.subarray(0, rest * size), labels: labels.subarray(0, rest), count: rest }
  }

  begin(epoch: number): void {
    if (this.#shuffle === null) return
    const { dataSeed, sameOrder } = this.#shuffle
    this.#order = createRng(...dataSeed, 'order', sameOrder ? 0 : epoch).permutation(this.images)
    this.#augmentation?.draw(createRng(...dataSeed, 'augmentation', epoch))
  }

  at(step: number): Batch {
    const batch = step === this.steps - 1 ? this.#last : this.#full
    const { pixels, labels } = this.#split
    const size = this.#channels * this.#plane
    const first = step * this.#full.count
    for (let i = 0; i < batch.count; i++) {
      const image = this.#order[first + i] as number
      batch.labels[i] = labels[image] as number
      for (let channel = 0; channel < this.#channels; channel++) {
        const from = image * size + channel * this.#plane
        const to = i * size + channel * this.#plane
        if (this.#augmentation === null) this.#write(pixels, from, 256 * channel, batch.images, to)
        else this.#augmentation.write(image, pixels, from, this.#table, 256 * channel, batch.images, to)
      }
    }
    return batch
  }

  /** The split's indices of the images in batch `step`, in the batch's order. */
  indices(step: number): Uint32Array {
    return this.#order.subarray(step * this.#full.count, Math.min((step + 1) * this.#full.count, this.images))
  }

  #write(pixels: Uint8Array, from: number, tableFrom: number, target: Float32Array, to: number): void {
    const table = this.#table
    for (let i = 0; i < this.#plane; i++) {
      target[to + i] = table[tableFrom + (pixels[from + i] as number)] as number
    }
  }
}

/** `(byte / 255 - mean) / std` of each byte, `[channels, 256]`: a look-up is cheaper than the arithmetic. */
export function normalisationTable({ mean, std }: Dataset['normalisation']): Float32Array {
  const table = new Float32Array(256 * mean.length)
  mean.forEach((centre, channel) => {
    const scale = std[channel] ?? 1
    for (let byte = 0; byte < 256; byte++) table[256 * channel + byte] = (byte / 255 - centre) / scale
  })
  return table
}
