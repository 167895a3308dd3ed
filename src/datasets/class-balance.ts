import { DataError } from '../platform/errors.js'
import type { Rng } from '../platform/rng.js'
import type { Labels } from './dataset.js'

/** Images of which only the labels matter. */
export interface Labelled {
  readonly labels: Labels | readonly number[]
}

/** Images of each class, by label. */
export function classCounts({ labels }: Labelled, classes: number): readonly number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

/**
 * Requires that no class has more than one image more than another.
 *
 * @throws DataError with the counts.
 */
export function assertBalanced(split: Labelled, classes: number, name: string): void {
  const counts = classCounts(split, classes)
  if (Math.max(...counts) - Math.min(...counts) <= 1) return
  throw new DataError(
    `the ${name} images are not balanced over the classes (${counts.join(', ')}). Ask for fewer images.`,
  )
}

/**
 * A random order of all images in which every prefix is balanced (and every suffix, if classes have equal size): it
 * consists of rounds with one image of each class, in random order of the classes.
 */
export function balancedOrder(labels: Labels, classes: number, rng: Rng): Uint32Array {
  const byClass: number[][] = Array.from({ length: classes }, () => [])
  for (const [image, label] of labels.entries()) byClass[label]?.push(image)
  const shuffled = byClass.map((images, label) =>
    Array.from(rng.fork('class', label).permutation(images.length), (i) => images[i] as number),
  )
  const order = new Uint32Array(labels.length)
  const rounds = Math.max(...shuffled.map((images) => images.length))
  const turns = rng.fork('turns')
  let placed = 0
  for (let round = 0; round < rounds; round++) {
    for (const label of turns.permutation(classes)) {
      const image = shuffled[label]?.[round]
      if (image !== undefined) order[placed++] = image
    }
  }
  return order
}
