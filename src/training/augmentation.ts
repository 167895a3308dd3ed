import type { Rng } from '../platform/rng.js'
import type { Augmentation } from './recipe.js'

/** Whether any augmentation is on. Then an image differs between epochs and cannot be cached. */
export function isAugmented(augmentation: Augmentation): boolean {
  return augmentation.flip || augmentation.crop > 0 || augmentation.cutout > 0
}

/** Height and width of images, in pixels. */
export interface ImageSize {
  readonly height: number
  readonly width: number
}

/**
 * The augmentation of each image of a split in one epoch. Drawn at the start of the epoch for each image index, so that
 * it depends only on the epoch's random stream, not on batch size, image order or worker.
 */
export class EpochAugmentation {
  readonly #augmentation: Augmentation
  readonly #size: ImageSize
  readonly #flips: Uint8Array
  /** Top and left of the crop, in the image as it is: -crop..crop. */
  readonly #crops: Int16Array
  /** Row and column of the cutout's centre. */
  readonly #centres: Int16Array

  constructor(augmentation: Augmentation, size: ImageSize, images: number) {
    this.#augmentation = augmentation
    this.#size = size
    this.#flips = new Uint8Array(images)
    this.#crops = new Int16Array(2 * images)
    this.#centres = new Int16Array(2 * images)
  }

  /** Draws a new epoch from `rng`, which should be the epoch's own stream. */
  draw(rng: Rng): void {
    const { flip, crop, cutout } = this.#augmentation
    const { height, width } = this.#size
    const below = (n: number): number => Math.floor(rng.nextFloat() * n)
    for (let image = 0; image < this.#flips.length; image++) {
      if (flip) this.#flips[image] = below(2)
      if (crop > 0) {
        this.#crops[2 * image] = below(2 * crop + 1) - crop
        this.#crops[2 * image + 1] = below(2 * crop + 1) - crop
      }
      if (cutout > 0) {
        this.#centres[2 * image] = below(height)
        this.#centres[2 * image + 1] = below(width)
      }
    }
  }

  /**
   * Writes one channel of image `image`, augmented and normalised, to `target` at `to`.
   *
   * Crop, then flip, then normalisation, then cutout, as the authors do: what the crop takes from outside the image is
   * a byte of 0 that is normalised like any other, while the cutout writes 0 into the normalised image.
   *
   * @param pixels the split's bytes; the channel starts at `from`.
   * @param table normalised values of the bytes, 256 of them from `tableFrom` on.
   */
  write(
    image: number,
    pixels: Uint8Array,
    from: number,
    table: Float32Array,
    tableFrom: number,
    target: Float32Array,
    to: number,
  ): void {
    const { height, width } = this.#size
    const top = this.#crops[2 * image] as number
    const left = this.#crops[2 * image + 1] as number
    const isFlipped = this.#flips[image] === 1
    const padding = table[tableFrom] as number
    let out = to
    for (let y = top; y < top + height; y++) {
      const rowIsInside = y >= 0 && y < height
      const row = from + y * width
      for (let column = 0; column < width; column++) {
        const x = left + (isFlipped ? width - 1 - column : column)
        const isInside = rowIsInside && x >= 0 && x < width
        target[out++] = isInside ? (table[tableFrom + (pixels[row + x] as number)] as number) : padding
      }
    }
    if (this.#augmentation.cutout > 0) this.#cutOut(image, target, to)
  }

  /** The authors' mask: rows `centre - floor(side / 2)` up to, not including, `centre + floor(side / 2)`, clipped. */
  #cutOut(image: number, target: Float32Array, to: number): void {
    const { height, width } = this.#size
    const half = Math.floor(this.#augmentation.cutout / 2)
    const row = this.#centres[2 * image] as number
    const column = this.#centres[2 * image + 1] as number
    const left = Math.max(0, column - half)
    const right = Math.min(width, column + half)
    for (let y = Math.max(0, row - half); y < Math.min(height, row + half); y++) {
      target.fill(0, to + y * width + left, to + y * width + right)
    }
  }
}
