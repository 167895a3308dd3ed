import { hash } from 'node:crypto'
import type { Split } from '../dataset.js'

/** Results of comparing images with each other: exact copies. */
export interface Duplicates {
  /** Test images that are training images too. */
  readonly testInTrain: number
  /** Those among them whose label differs. */
  readonly testInTrainOtherLabel: number
  /** Training images that are copies of an earlier one. */
  readonly withinTrain: number
  /** Those among them whose label differs. */
  readonly withinTrainOtherLabel: number
  readonly withinTest: number
}

/** Counts exact copies by hash. The training images may come in several parts: those for training and for validation. */
export function findDuplicates(training: readonly Split[], test: Split): Duplicates {
  const labelOf = new Map<string, number>()
  let withinTrain = 0
  let withinTrainOtherLabel = 0
  for (const split of training) {
    for (const [i, found] of hashes(split).entries()) {
      const label = labelOf.get(found)
      if (label === undefined) labelOf.set(found, split.labels[i] as number)
      else withinTrain++
      if (label !== undefined && label !== split.labels[i]) withinTrainOtherLabel++
    }
  }
  const seen = new Set<string>()
  let withinTest = 0
  let testInTrain = 0
  let testInTrainOtherLabel = 0
  for (const [i, found] of hashes(test).entries()) {
    if (seen.has(found)) withinTest++
    seen.add(found)
    const label = labelOf.get(found)
    if (label === undefined) continue
    testInTrain++
    if (label !== test.labels[i]) testInTrainOtherLabel++
  }
  return { testInTrain, testInTrainOtherLabel, withinTrain, withinTrainOtherLabel, withinTest }
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

/** By SHA-1, so that crafted images cannot make the table of hashes slow: half a second for 60,000 colour images of 32x32. */
function hashes({ count, pixels }: Split): readonly string[] {
  const length = pixels.length / count
  return Array.from({ length: count }, (_, i) => hash('sha1', pixels.subarray(i * length, (i + 1) * length), 'base64'))
}
