import { createHash } from 'node:crypto'
import type { Split } from '../dataset.js'

/** What only shows when images are compared with each other. Exact copies, pixel by pixel. */
export interface Duplicates {
  /** Test images that are training images too. */
  readonly testInTrain: number
  /** Of those, the ones whose label differs. */
  readonly testInTrainOtherLabel: number
  /** Training images that are copies of an earlier one. */
  readonly withinTrain: number
  readonly withinTest: number
}

/** Counts exact copies by hash. */
export function findDuplicates(train: Split, test: Split): Duplicates {
  const labelOf = new Map<string, number>()
  let withinTrain = 0
  for (const [i, hash] of hashes(train).entries()) {
    if (labelOf.has(hash)) withinTrain++
    else labelOf.set(hash, train.labels[i] as number)
  }
  const seen = new Set<string>()
  let withinTest = 0
  let testInTrain = 0
  let testInTrainOtherLabel = 0
  for (const [i, hash] of hashes(test).entries()) {
    if (seen.has(hash)) withinTest++
    seen.add(hash)
    const label = labelOf.get(hash)
    if (label === undefined) continue
    testInTrain++
    if (label !== test.labels[i]) testInTrainOtherLabel++
  }
  return { testInTrain, testInTrainOtherLabel, withinTrain, withinTest }
}

/** Images all of whose pixels are the same, in every channel. */
export function countConstant({ count, pixels }: Split, channels: number): number {
  const plane = pixels.length / (count * channels)
  let constant = 0
  for (let image = 0; image < count; image++) {
    constant += isConstant(pixels, image * channels * plane, channels, plane) ? 1 : 0
  }
  return constant
}

function isConstant(pixels: Uint8Array, from: number, channels: number, plane: number): boolean {
  for (let channel = 0; channel < channels; channel++) {
    const start = from + channel * plane
    for (let i = start + 1; i < start + plane; i++) if (pixels[i] !== pixels[start]) return false
  }
  return true
}

function hashes({ count, pixels }: Split): readonly string[] {
  const length = pixels.length / count
  return Array.from({ length: count }, (_, i) =>
    createHash('sha1')
      .update(pixels.subarray(i * length, (i + 1) * length))
      .digest('base64'),
  )
}
