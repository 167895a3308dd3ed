import { describe, expect, it } from 'vitest'
import type { Split } from '../../../src/datasets/dataset.js'
import { loadFashionMnist } from '../../../src/datasets/fashion-mnist.js'
import { inspectImages } from '../../../src/datasets/inspect/inspect-images.js'
import type { RawImages } from '../../../src/datasets/raw-images.js'

/** Images of 4x4 from their numbers: pixel 0 is the number, the others count from it. */
function split(images: readonly (readonly [number: number, label: number])[]): Split {
  return {
    count: images.length,
    pixels: Uint8Array.from(images.flatMap(([number]) => Array.from({ length: 16 }, (_, i) => number + i * 10))),
    labels: Uint8Array.from(images, ([, label]) => label),
  }
}

const raw = (train: Split, test: Split): RawImages => ({
  classNames: ['a', 'b'],
  channels: 1,
  height: 4,
  width: 4,
  train,
  test,
})
const twenty = split(Array.from({ length: 20 }, (_, i) => [i, i % 2] as const))
const testing = split(Array.from({ length: 10 }, (_, i) => [50 + i, i % 2] as const))

describe('inspectImages', () => {
  it('counts, and finds the range, mean and deviation', () => {
    const found = inspectImages(raw(twenty, testing))
    expect(found.train).toEqual({ images: 20, perClass: [10, 10], darkest: 0, brightest: 169, constantImages: 0 })
    expect(found.test).toMatchObject({ images: 10, perClass: [5, 5], darkest: 50, brightest: 209 })
    expect(found.mean[0]).toBeCloseTo((9.5 + 75) / 255, 10)
    expect([found.problems, found.notes]).toEqual([[], []])
  })

  it('finds copies between training and test, and calls many of them a problem', () => {
    const leaky = split([...Array.from({ length: 8 }, (_, i) => [50 + i, i % 2] as const), [0, 0], [1, 0]])
    const found = inspectImages(raw(twenty, leaky))
    expect(found.duplicates).toEqual({
      testInTrain: 2,
      testInTrainOtherLabel: 1,
      withinTrain: 0,
      withinTrainOtherLabel: 0,
      withinTest: 0,
    })
    expect(found.problems).toEqual([expect.stringContaining('2 of 10 test images are also training images')])
    const many = split([...Array.from({ length: 199 }, (_, i) => [30 + (i % 70), i % 2] as const), [0, 0]])
    const few = inspectImages(raw(twenty, many))
    expect(few.problems).toEqual([])
    expect(few.notes).toContain('test images that are also training images: 1')
    expect(few.notes).toContain('test images that are copies of others: 129')
  })

  it('finds copies within the training images', () => {
    const doubled = split([
      [1, 0],
      [1, 1],
      [1, 0],
      [2, 1],
    ])
    const { duplicates, problems } = inspectImages(raw(doubled, testing))
    expect(duplicates).toMatchObject({ withinTrain: 2, withinTrainOtherLabel: 1 })
    expect(problems).toEqual([
      '2 of 4 training images are copies of others: validation images would be known from training. Keep one of each.',
      '1 of 4 training images have a copy in another class: no network can tell them apart. Keep one of each.',
    ])
  })

  it('finds images of a single colour', () => {
    const flat: Split = { count: 2, pixels: new Uint8Array(32).fill(7, 16), labels: Uint8Array.of(0, 1) }
    const found = inspectImages(raw(flat, testing))
    expect(found.train.constantImages).toBe(2)
    expect(found.problems).toEqual([
      'a single training image of a, b, and one is needed for training and one for validation. Add some, or leave the class out.',
      '2 of 2 training images have a single colour. Check how they were made.',
    ])
    // Two channels of one value each are one colour; a plane that varies is not.
    const colour: RawImages = { ...raw(flat, flat), channels: 2, height: 2, train: { ...flat, count: 2 } }
    expect(inspectImages(colour).train.constantImages).toBe(2)
    const varied = { ...flat, pixels: Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 9 : 7)) }
    expect(inspectImages({ ...colour, train: varied, test: varied }).train.constantImages).toBe(1)
  })

  it('names classes without images, unequal classes, odd sizes and dark images', () => {
    const empty = inspectImages(raw(twenty, split([[50, 0]])))
    expect(empty.problems).toEqual(['no test images of b. Add some, or leave the class out.'])
    const unequal = inspectImages(
      raw(
        split([
          [1, 0],
          [2, 0],
          [3, 0],
          [4, 1],
        ]),
        testing,
      ),
    )
    expect(unequal.notes).toContain('training classes are of unequal size: a has 3 images, b 1')
    const odd = inspectImages({ ...raw(twenty, testing), height: 2, width: 8 })
    expect(odd.notes).toContain('networks need a height and width that are multiples of 4: set data.size, such as 4')
    const dark: Split = {
      count: 2,
      pixels: Uint8Array.from({ length: 32 }, (_, i) => i % 2),
      labels: Uint8Array.of(0, 1),
    }
    expect(inspectImages(raw(dark, dark)).notes).toContain(
      'no pixel is brighter than 1 of 255. That changes nothing where images are normalised, which is the default, but if 1 is white, ' +
        "save (x * (255 / 1)).astype('uint8')",
    )
  })

  it('finds in Fashion-MNIST the copies that its authors know of (their issue 44)', async () => {
    const found = inspectImages(await loadFashionMnist(undefined, {}))
    expect(found.duplicates).toMatchObject({ withinTrain: 43, withinTest: 1, testInTrain: 10 })
    expect(found.problems).toEqual([])
    expect(found.train.perClass).toEqual(new Array(10).fill(6000))
    expect([found.mean[0]?.toFixed(3), found.std[0]?.toFixed(3)]).toEqual(['0.286', '0.353'])
  })
})
