import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { loadArrays } from '../../src/datasets/arrays/load-arrays.js'
import { chooseImages } from '../../src/datasets/choose-images.js'
import { classCounts } from '../../src/datasets/class-balance.js'
import { joinLabels, type Labels, makeLabels, type Split } from '../../src/datasets/dataset.js'
import type { DatasetRequest } from '../../src/datasets/dataset-request.js'
import { loadFolders } from '../../src/datasets/folders/load-folders.js'
import { cachedImages } from '../../src/datasets/image-cache.js'
import { checkDataset } from '../../src/datasets/inspect/check-dataset.js'
import { withoutValidation } from '../../src/datasets/joined-splits.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { bytesNpy, npyFile } from '../support/made-arrays.js'
import { classFolders, writeFiles } from '../support/made-folders.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('many-classes')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')

/** Images of 1 x 3 pixels: the first two are the low and the high byte of their class, the third numbers them. */
function numbered(labels: Labels): Split {
  const pixels = new Uint8Array(3 * labels.length)
  for (const [image, label] of labels.entries()) pixels.set([label % 256, label >> 8, image % 251], 3 * image)
  return { count: labels.length, pixels, labels }
}

const classOf = ({ pixels }: Split, image: number): number =>
  (pixels[3 * image] as number) + 256 * (pixels[3 * image + 1] as number)

/** `sizes[c]` training images of class c, from the last class to the first, and a test image of each. */
function images(sizes: readonly number[]): RawImages {
  const classes = sizes.length
  const train = sizes.flatMap((size, label) => new Array<number>(size).fill(label)).toReversed()
  return {
    classNames: sizes.map((_, label) => `kind ${label}`),
    channels: 1,
    height: 1,
    width: 3,
    train: numbered(joinLabels(classes, [train])),
    test: numbered(joinLabels(classes, [[...sizes.keys()]])),
  }
}

const request = { train: 0, test: 0, size: null, seed: 1 }
const requestOf = (raw: RawImages, changes: Partial<DatasetRequest> = {}): DatasetRequest => ({
  ...request,
  name: 'value',
  value: new PartValue('made', raw),
  validation: raw.classNames.length,
  ...changes,
})

describe('labels', () => {
  it('are bytes as long as those are enough', () => {
    for (const memory of ['own', 'shared'] as const) {
      expect([2, 256, 257, 65_536].map((classes) => makeLabels(classes, 3, memory).BYTES_PER_ELEMENT)).toEqual([
        1, 1, 2, 2,
      ])
      const labels = joinLabels(65_536, [[65_535, 0], Uint8Array.of(7)], memory)
      expect([...labels]).toEqual([65_535, 0, 7])
      expect(labels.buffer).toBeInstanceOf(memory === 'shared' ? SharedArrayBuffer : ArrayBuffer)
    }
  })
})

describe('data sets of more than 256 classes', () => {
  it('keep the label of every image', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 257, max: 700 }),
        fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 7 }),
        fc.nat(),
        async (classes, pattern, seed) => {
          const sizes = Array.from({ length: classes }, (_, i) => pattern[i % pattern.length] as number)
          const dataset = await loadDataset(requestOf(images(sizes), { seed }))
          for (const split of [dataset.train, dataset.validation, dataset.test]) {
            expect(split.labels).toBeInstanceOf(Uint16Array)
            expect(split.labels.buffer).toBeInstanceOf(SharedArrayBuffer)
            expect(Array.from({ length: split.count }, (_, image) => classOf(split, image))).toEqual([...split.labels])
          }
          expect(classCounts(dataset.train, classes)).toEqual(sizes.map((size) => size - 1))
          expect(new Set(classCounts(dataset.validation, classes))).toEqual(new Set([1]))
          expect(new Set(classCounts(dataset.test, classes))).toEqual(new Set([1]))
          const { train } = withoutValidation(dataset)
          expect([...train.labels]).toEqual([...dataset.train.labels, ...dataset.validation.labels])
          expect(train.labels.buffer).toBeInstanceOf(SharedArrayBuffer)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('may have 65,536', () => {
    const raw = images(new Array<number>(65_536).fill(2))
    const { train, validation, test } = chooseImages(requestOf(raw), raw)
    expect([train, validation, test].map(({ length }) => length)).toEqual([65_536, 65_536, 65_536])
    expect(new Set(train.map((image) => raw.train.labels[image] as number)).size).toBe(65_536)
  })

  it('differ in their fingerprint by every bit of a label', async () => {
    const raw = images(new Array<number>(512).fill(3))
    const { fingerprint } = await loadDataset(requestOf(raw))
    // Of two test images, whose labels differ in one of the upper bits only, or in one of the lower.
    for (const bit of [256, 1]) {
      const labels = joinLabels(512, [raw.test.labels])
      ;[labels[5 ^ bit], labels[5]] = [5, 5 ^ bit]
      const { fingerprint: other } = await loadDataset(requestOf({ ...raw, test: { ...raw.test, labels } }))
      expect(other).not.toBe(fingerprint)
    }
  })

  it('are inspected, with settings that leave every class images', async () => {
    const classes = 6000
    const raw = images(new Array<number>(classes).fill(2))
    for (const made of [raw, { ...raw, validation: raw.test }]) {
      const check = await checkDataset({ ...requestOf(made), kind: 'a value' })
      expect(check.settings?.validation).toBe(classes)
      expect(check.problems.filter((problem) => problem.includes('of kind'))).toEqual([])
    }
  })
})

describe('the fingerprint of up to 256 classes', () => {
  it.each([
    [3, 'd764fb405bc3cbdb'],
    [256, '6abd0db248bc4b9b'],
  ])('is that of labels as bytes, for %s classes in either type', async (classes, expected) => {
    for (const Type of [Uint8Array, Uint16Array]) {
      const split = (perClass: number): Split => {
        const count = perClass * classes
        return {
          count,
          pixels: Uint8Array.from({ length: count * 4 }, (_, i) => i * 37 + (i >> 3)),
          labels: new Type(Array.from({ length: count }, (_, i) => (i * 7) % classes)),
        }
      }
      const classNames = Array.from({ length: classes }, (_, i) => `kind ${i}`)
      const raw = { classNames, channels: 1, height: 2, width: 2, train: split(3), test: split(1) }
      expect((await loadDataset(requestOf(raw))).fingerprint).toBe(expected)
    }
  })
})

describe('the image cache of more than 256 classes', () => {
  const file = path.join(folder, 'images.bin')
  // An odd number of bytes before the labels.
  const raw = images(new Array<number>(301).fill(3))

  it('gives back every label', async () => {
    const made = { ...raw, validation: numbered(joinLabels(301, [[300, 256, 1]])) }
    await cachedImages(file, 'made', async () => made)
    const kept = await cachedImages(file, 'made', async () => expect.fail('it is cached'))
    for (const split of ['train', 'validation', 'test'] as const) {
      expect(kept[split]?.labels).toEqual(made[split].labels)
      expect(kept[split]?.labels).toContain(256)
      expect(Buffer.from(kept[split]?.pixels ?? []).equals(made[split].pixels)).toBe(true)
    }
  })

  it('believes no label of no class', async () => {
    const test = { ...raw.test, labels: joinLabels(301, [raw.test.labels]) }
    test.labels[7] = 301
    await cachedImages(file, 'wrong', async () => ({ ...raw, test }))
    let built = false
    await cachedImages(file, 'wrong', async () => {
      built = true
      return raw
    })
    expect(built).toBe(true)
  })

  it('writes a file of up to 256 classes as before', async () => {
    const few = images([2, 2, 2])
    await cachedImages(file, 'few', async () => ({
      ...few,
      train: { ...few.train, labels: Uint16Array.from(few.train.labels) },
    }))
    const { count, pixels, labels } = few.train
    const behind = Buffer.concat([pixels, Uint8Array.from(labels), few.test.pixels, Uint8Array.of(0, 1, 2)])
    expect(count).toBe(6)
    expect(readFileSync(file).subarray(-behind.length).equals(behind)).toBe(true)
  })
})

describe('300 classes of the user', () => {
  const classes = 300
  const perClass = 3
  const count = classes * perClass
  const labels = Uint16Array.from({ length: count }, (_, i) => (7 * i) % classes)
  const made = numbered(labels)
  const pixels = bytesNpy(made.pixels, count, 1, 3)
  const oneHot = new Uint8Array(count * classes)
  for (const [image, label] of labels.entries()) oneHot[image * classes + label] = 1

  it.each([
    ['numbers', npyFile(new Uint8Array(labels.buffer), { descr: '<u2', shape: [count] })],
    ['rows with a single one', bytesNpy(oneHot, count, classes)],
  ])('come from arrays, with labels as %s, and some are set aside for the test', async (_, array) => {
    const file = path.join(folder, 'arrays.npz')
    writeFileSync(file, zipSync({ 'images.npy': pixels, 'labels.npy': array }))
    const { classNames, train, test } = await loadArrays(file, {})
    expect(classNames).toEqual(Array.from({ length: classes }, (_, i) => String(i)))
    for (const split of [train, test]) {
      expect(Array.from({ length: split.count }, (_, image) => classOf(split, image))).toEqual([...split.labels])
    }
    expect(new Set(classCounts(test, classes))).toEqual(new Set([1]))
    expect(new Set(classCounts(train, classes))).toEqual(new Set([2]))
  })

  it('come from folders', async () => {
    const names = Array.from({ length: classes }, (_, i) => `n${String(i).padStart(4, '0')}`)
    const root = writeFiles(path.join(folder, 'folders'), classFolders(names, 2, 4))
    const { classNames, train, test } = await loadFolders(root, {})
    expect(classNames).toEqual(names)
    for (const split of [train, test]) {
      expect(split.count).toBe(classes)
      expect([...split.labels]).toEqual([...names.keys()])
      // The second pixel is the class, as a byte.
      for (const [image, label] of split.labels.entries()) expect(split.pixels[16 * image + 1]).toBe(label % 256)
    }
  })
})
