import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { classCounts } from '../../src/datasets/class-balance.js'
import type { Split } from '../../src/datasets/dataset.js'
import { loadFashionMnist } from '../../src/datasets/fashion-mnist.js'
import { channelStatistics } from '../../src/datasets/normalisation.js'
import { parsePixelRows } from '../../src/datasets/pixel-rows.js'
import { createRng } from '../../src/platform/rng.js'

// The whole of it, through the cache that users have too: at most one decoding a machine.
const images = await loadFashionMnist(undefined, {})
const { train, test } = images

const imageOf = (split: Split, index: number): string =>
  Buffer.from(split.pixels.subarray(index * 784, (index + 1) * 784)).toString('latin1')

const allImages = (split: Split): string[] => Array.from({ length: split.count }, (_, i) => imageOf(split, i))

const trainImages = allImages(train)
const testImages = allImages(test)

/**
 * The equal training images of the first release: class, then their positions among the class's training images.
 * Issue #44 of zalandoresearch/fashion-mnist lists them as pairs of indices, such as [601, 39865]; the positions follow
 * from these by counting labels in train-labels-idx1-ubyte.gz of that repository at commit 9490065.
 */
const equalTrainingImages = [
  [0, 611, 1202],
  [0, 2030, 2212],
  [1, 171, 2393],
  [1, 70, 2443],
  [1, 581, 3356],
  [1, 4267, 5382],
  [2, 1949, 2393],
  [2, 1522, 2843],
  [2, 2225, 2854],
  [2, 2711, 3162],
  [2, 1356, 3240],
  [2, 3214, 3812],
  [2, 1936, 3921],
  [2, 617, 4081],
  [2, 3301, 4162],
  [2, 2432, 4584],
  [2, 4871, 5122],
  [2, 3234, 5696],
  [3, 507, 640],
  [3, 901, 2818],
  [3, 4676, 5476],
  [4, 824, 3023],
  [4, 2067, 3191],
  [4, 3619, 3948],
  [4, 4775, 5420],
  [4, 4645, 5782],
  [6, 2361, 3415],
  [6, 628, 3838],
  [6, 2753, 4045],
  [6, 2566, 4053],
  [6, 3890, 4230],
  [6, 2597, 4972],
  [6, 208, 5398],
  [6, 3332, 5465],
  [6, 1275, 5669],
  [6, 2328, 5717],
  [6, 4879, 5951],
  [7, 1980, 2062],
  [7, 1535, 2293],
  [7, 63, 4002],
  [7, 563, 4936],
  [9, 3222, 3366],
  [9, 2625, 4923],
] as const

describe('Fashion-MNIST', () => {
  it('has 6,000 training and 1,000 test images of each of ten classes', () => {
    expect([images.channels, images.height, images.width, images.classNames.length]).toEqual([1, 28, 28, 10])
    expect(classCounts(train, 10)).toEqual(new Array(10).fill(6000))
    expect(classCounts(test, 10)).toEqual(new Array(10).fill(1000))
    expect(train.pixels.length).toBe(60_000 * 784)
    expect(test.pixels.length).toBe(10_000 * 784)
  })

  it('comes from files in which empty rows end the test and the training images of class 0', () => {
    const file = createRequire(import.meta.url).resolve('fashion-mnist/src/clothes/0.json')
    const rows = parsePixelRows(readFileSync(file), 784, file)
    expect(rows.count).toBe(7000)
    expect(rows.emptyRows).toEqual([1000, 7001])
    const [testPart, trainPart] = [rows.pixels.subarray(0, 1000 * 784), rows.pixels.subarray(1000 * 784)]
    expect(Buffer.compare(testPart, test.pixels.subarray(0, 1000 * 784))).toBe(0)
    expect(Buffer.compare(trainPart, train.pixels.subarray(0, 6000 * 784))).toBe(0)
  })

  it('keeps the official split: equal images stand where issue #44 found them in the first release', () => {
    for (const [label, first, second] of equalTrainingImages) {
      expect(imageOf(train, label * 6000 + first)).toBe(imageOf(train, label * 6000 + second))
    }
    expect(imageOf(test, 611)).toBe(imageOf(test, 839))
    const distinctTest = new Set(testImages)
    expect(train.count - new Set(trainImages).size).toBe(43)
    expect(test.count - distinctTest.size).toBe(1)
    expect(trainImages.filter((image) => distinctTest.has(image)).length).toBe(10)
  })

  it('would not pass the check above with a split drawn at random', () => {
    const everything = [...trainImages, ...testImages]
    const order = createRng('a random split').permutation(everything.length)
    const drawn = new Set(Array.from(order.subarray(0, 60_000), (i) => everything[i]))
    expect(60_000 - drawn.size).not.toBe(43)
  })

  it('has the mean and standard deviation of the first release', () => {
    const ofTrain = channelStatistics(train, 1)
    expect(ofTrain.mean[0]).toBeCloseTo(0.2861052180872349, 12)
    expect(ofTrain.std[0]).toBeCloseTo(0.3528112273926316, 12)
    // Published for the second release, whose images are dealt differently: .2860405969887955 and .3530242445149224.
    expect(Math.abs((ofTrain.mean[0] as number) - 0.2860405969887955)).toBeLessThan(1e-4)
    expect(Math.abs((ofTrain.std[0] as number) - 0.3530242445149224)).toBeLessThan(3e-4)
  })
})

describe('parsePixelRows', () => {
  const parse = (text: string) => parsePixelRows(Buffer.from(text), 2, 'x.json')

  it('reads rows and leaves empty ones out', () => {
    const rows = parse('{"data":[[0,255],[],[7,10],[]]}')
    expect(rows).toEqual({ count: 2, pixels: Uint8Array.of(0, 255, 7, 10), emptyRows: [1, 3] })
  })

  it.each([
    ['no list', '{"date":[[0,1]]}', 'no {"data":[ is found at byte 0'],
    ['a pixel above 255', '{"data":[[0,256]]}', 'a pixel above 255 stands at byte 14'],
    ['a short row', '{"data":[[0,1],[3]]}', 'a row of 1 instead of 2 pixels ends at byte 17'],
    ['a long row', '{"data":[[0,1,2]]}', 'a row of 3 instead of 2 pixels ends'],
    ['a missing pixel', '{"data":[[0,,1]]}', 'a pixel is missing at byte 12'],
    ['a nested row', '{"data":[[0,[1]]]}', 'a third bracket opens'],
    ['a strange character', '{"data":[[0,-1]]}', 'the unexpected character "-" stands'],
    ['a cut text', '{"data":[[0,1],[2', 'the text ends too early'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})
