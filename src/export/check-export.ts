import { setImmediate } from 'node:timers/promises'
import type { Labels } from '../datasets/dataset.js'
import { ExportError } from '../platform/errors.js'
import type { OpenedExport } from './export-format.js'
import { softmax } from './reference/pointwise.js'

/** Images to compare on. */
export interface CheckImages {
  readonly count: number
  /** Bytes `[count, channels, height, width]`. */
  readonly pixels: Uint8Array
  /** Null if unknown. */
  readonly labels: Labels | null
  /** Which images these are, such as `1000 validation and 2000 test images of fashion-mnist`. */
  readonly description: string
}

/** The network before its export, on the engine with which it was trained or another of this package. */
export interface Original {
  /** The engine's name. */
  readonly engine: string
  /** `[count, classes]` of bytes. */
  logits(pixels: Uint8Array): Float32Array
}

/** How the exported network compares with the original one. */
export interface ExportCheck {
  readonly images: number
  readonly description: string
  readonly engine: string
  /** Images for which both predict the same class. The others are ties: their two classes differ by rounding only. */
  readonly equalPredictions: number
  readonly largestLogitDifference: number
  /** The largest absolute value of a logit. */
  readonly largestLogit: number
  /** The number of images whose class each of them tells; null if the labels are not known. */
  readonly rightAnswers: { readonly original: number; readonly exported: number } | null
  readonly checkedBy: string
  /** What the check could not cover; null if nothing. */
  readonly unchecked: string | null
}

/** Images at a time. */
const batch = 32

/**
 * The largest difference of two logits, relative to the largest logit (at least 1), that rounding may make. Measured: up to
 * 1e-6; a wrong operation makes more than 1e-2.
 */
const tolerance = 1e-4

/**
 * Compares an exported network, read again from its files, with the original on every image.
 *
 * @param onProgress told the share of the images that are done, in 0..1
 * @throws ExportError if a prediction differs, or a logit or probability by more than rounding.
 */
export async function checkExport(
  exported: OpenedExport,
  original: Original,
  images: CheckImages,
  onProgress?: (share: number) => void,
): Promise<ExportCheck> {
  const { count, description, labels, pixels } = images
  const size = pixels.length / count
  const tally = new Tally()
  for (let from = 0; from < count; from += batch) {
    const part = pixels.subarray(from * size, Math.min(from + batch, count) * size)
    const expected = original.logits(part)
    const { logits, probabilities } = await exported.predict(part, part.length / size)
    const classes = (expected.length * size) / part.length
    tally.add(expected, logits, probabilities, classes, labels?.subarray(from, from + batch) ?? null)
    onProgress?.(Math.min(from + batch, count) / count)
    // Lets the program's other work go on.
    await setImmediate()
  }
  tally.require(description)
  return {
    images: count,
    description,
    engine: original.engine,
    equalPredictions: count - tally.ties,
    largestLogitDifference: tally.largestDifference,
    largestLogit: tally.largestLogit,
    rightAnswers: labels && tally.rightAnswers,
    checkedBy: exported.checkedBy,
    unchecked: exported.unchecked,
  }
}

class Tally {
  largestDifference = 0
  largestLogit = 0
  ties = 0
  readonly rightAnswers = { original: 0, exported: 0 }
  #images = 0
  #largestProbabilityDifference = 0
  /** The largest distance of the two classes in the original where predictions differ. */
  #widestTie = 0

  add(
    expected: Float32Array,
    logits: Float32Array,
    probabilities: Float32Array,
    classes: number,
    labels: Labels | null,
  ): void {
    if (logits.length !== expected.length || probabilities.length !== expected.length) {
      throw new ExportError(`The exported network gives ${logits.length} logits instead of ${expected.length}.`)
    }
    const shares = softmax(expected, classes)
    for (let i = 0; i < expected.length; i++) {
      const difference = Math.abs((expected[i] as number) - (logits[i] as number))
      this.largestDifference = largest(this.largestDifference, difference)
      this.largestLogit = largest(this.largestLogit, Math.abs(expected[i] as number))
      const distance = Math.abs((shares[i] as number) - (probabilities[i] as number))
      this.#largestProbabilityDifference = largest(this.#largestProbabilityDifference, distance)
    }
    for (let image = 0; image < expected.length / classes; image++) {
      const row = expected.subarray(image * classes, (image + 1) * classes)
      const before = indexOfLargest(row)
      const after = indexOfLargest(probabilities.subarray(image * classes, (image + 1) * classes))
      this.#images++
      if (before === labels?.[image]) this.rightAnswers.original++
      if (after === labels?.[image]) this.rightAnswers.exported++
      if (before === after) continue
      this.ties++
      this.#widestTie = Math.max(this.#widestTie, (row[before] as number) - (row[after] as number))
    }
  }

  /** @throws ExportError if more than rounding differs. */
  require(description: string): void {
    const limit = tolerance * Math.max(1, this.largestLogit)
    // Written so that NaN fails, too.
    const isEqual =
      this.largestDifference <= limit && this.#largestProbabilityDifference <= limit && this.#widestTie <= 2 * limit
    if (isEqual && Number.isFinite(this.largestLogit)) return
    throw new ExportError(
      `The exported network is not the original: of ${description}, ${this.ties} of ${this.#images} predictions differ, logits by ` +
        `up to ${this.largestDifference.toPrecision(2)}, probabilities by up to ${this.#largestProbabilityDifference.toPrecision(2)}. ` +
        'Nothing was written. Please report this.',
    )
  }
}

/** NaN if one of them is. */
function largest(a: number, b: number): number {
  return a > b ? a : Number.isNaN(a) ? a : b
}

function indexOfLargest(values: Float32Array): number {
  return values.indexOf(Math.max(...values))
}
