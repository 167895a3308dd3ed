import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { classCounts } from '../../src/datasets/class-balance.js'
import type { Dataset, Split } from '../../src/datasets/dataset.js'
import type { DatasetRequest } from '../../src/datasets/dataset-request.js'
import { loadFashionMnist } from '../../src/datasets/fashion-mnist.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { channelStatistics } from '../../src/datasets/normalisation.js'
import { datasetNames } from '../../src/datasets/registry.js'
import { ConfigError } from '../../src/platform/errors.js'
import { bytesNpy } from '../support/made-arrays.js'
import { sharedData } from '../support/shared-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const small: DatasetRequest = { name: 'fashion-mnist', train: 205, validation: 103, test: 57, size: null, seed: 1 }
const load = (change: Partial<DatasetRequest> = {}) => loadDataset({ ...small, ...change })

/** Images by content and label, in order. */
function imagesOf({ count, pixels, labels }: Split): string[] {
  const length = pixels.length / count
  return Array.from({ length: count }, (_, i) => {
    const image = pixels.subarray(i * length, (i + 1) * length)
    return `${labels[i]} ${createHash('sha1').update(image).digest('base64')}`
  })
}

const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts)

const raw = await loadFashionMnist(undefined, {})
const officialTrain = imagesOf(raw.train)
const officialTest = imagesOf(raw.test)
const base = await load()

describe('loadDataset', () => {
  it('gives splits of the asked-for sizes, balanced over the classes', () => {
    expect([base.train.count, base.validation.count, base.test.count]).toEqual([205, 103, 57])
    for (const split of [base.train, base.validation, base.test]) {
      expect(spread(classCounts(split, 10))).toBe(1)
      expect(split.pixels.length).toBe(split.count * 784)
      // So does any beginning of a split, such as a single batch.
      expect(spread(classCounts({ labels: split.labels.subarray(0, 32) }, 10))).toBeLessThanOrEqual(2)
    }
    expect([base.classes, base.channels, base.height, base.width]).toEqual([10, 1, 28, 28])
    expect(base.classNames[9]).toBe('Ankle boot')
  })

  it('takes training and validation from the training images, apart, and test from the test images', () => {
    const official = { train: new Set(officialTrain), test: new Set(officialTest) }
    const train = imagesOf(base.train)
    const validation = imagesOf(base.validation)
    expect(new Set([...train, ...validation]).size).toBe(205 + 103)
    for (const image of [...train, ...validation]) expect(official.train.has(image)).toBe(true)
    for (const image of imagesOf(base.test)) expect(official.test.has(image)).toBe(true)
  })

  it('only adds images when a number grows, and leaves the other splits alone', async () => {
    const more = await load({ train: 300 })
    expect(imagesOf(more.train).slice(0, 205)).toEqual(imagesOf(base.train))
    expect(imagesOf(more.validation)).toEqual(imagesOf(base.validation))
    const both = await load({ validation: 150, test: 90 })
    expect(imagesOf(both.train)).toEqual(imagesOf(base.train))
    expect(imagesOf(both.validation).slice(0, 103)).toEqual(imagesOf(base.validation))
    expect(imagesOf(both.test).slice(0, 57)).toEqual(imagesOf(base.test))
  })

  it('follows the seed, except for the test images', async () => {
    expect((await load()).fingerprint).toBe(base.fingerprint)
    expect((await load({ seed: '1' })).fingerprint).toBe(base.fingerprint)
    const other = await load({ seed: 2 })
    expect(other.fingerprint).not.toBe(base.fingerprint)
    expect(imagesOf(other.train)).not.toEqual(imagesOf(base.train))
    expect(imagesOf(other.test)).toEqual(imagesOf(base.test))
  })

  it('tells data with more classes from others', async () => {
    const folder = temporaryFolder('classes')
    const classesOf = new Map<string, number>()
    for (let classes = 2; classes <= 7; classes++) {
      const count = 4 * classes
      // Black images, four of each class.
      const arrays = ['train', 'test'].flatMap((part) => [
        [`x_${part}.npy`, bytesNpy(new Uint8Array(count * 16), count, 4, 4)],
        [
          `y_${part}.npy`,
          bytesNpy(
            Uint8Array.from({ length: count }, (_, i) => i % classes),
            count,
          ),
        ],
      ])
      const file = path.join(folder, `${classes}.npz`)
      writeFileSync(file, zipSync(Object.fromEntries(arrays)))
      for (let seed = 0; seed < 12; seed++) {
        // Every class has a training image, so that the images in use cannot all be the same.
        const request = { name: 'arrays', path: file, train: 7, validation: 1, test: 1, size: null, seed }
        const { fingerprint } = await loadDataset(request)
        expect(classesOf.get(fingerprint) ?? classes).toBe(classes)
        classesOf.set(fingerprint, classes)
      }
    }
  })

  it('pins the very images, so that results stay comparable between versions', () => {
    expect(base.fingerprint).toBe('6811d95be4e5d7df')
  })

  it('uses every image where the limits are 0', async () => {
    const all = await load({ train: 0, validation: 5000, test: 0 })
    expect([all.train.count, all.validation.count, all.test.count]).toEqual([55_000, 5000, 10_000])
    const train = imagesOf(all.train)
    expect([...train, ...imagesOf(all.validation)].sort()).toEqual(officialTrain.toSorted())
    expect(imagesOf(all.test).sort()).toEqual(officialTest.toSorted())
    expect(train.slice(0, 205)).toEqual(imagesOf(base.train))
  })

  it('computes the normalisation from the training images in use', () => {
    expect(base.normalisation).toEqual(channelStatistics(base.train, 1))
    const scaled = Array.from(base.train.pixels, (value) => value / 255)
    const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length
    const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length
    expect(base.normalisation.mean[0]).toBeCloseTo(mean, 10)
    expect(base.normalisation.std[0]).toBeCloseTo(Math.sqrt(variance), 10)
  })

  it('leaves pixels as they are where it is told to', async () => {
    const raw = await load({ normalise: false })
    expect(raw.normalisation).toEqual({ mean: [0], std: [1] })
    expect(imagesOf(raw.train)).toEqual(imagesOf(base.train))
    // Networks see other numbers, so what was trained on them is another thing.
    expect(raw.fingerprint).not.toBe(base.fingerprint)
    expect((await load({ normalise: true })).fingerprint).toBe(base.fingerprint)
  })

  it('resamples', async () => {
    const half = await load({ size: 14 })
    expect([half.height, half.width, half.train.pixels.length]).toEqual([14, 14, 205 * 196])
    const [a, b, c, d] = [0, 1, 28, 29].map((offset) => base.train.pixels[14 * 28 + 14 + offset] as number)
    expect(half.train.pixels[7 * 14 + 7]).toBe(Math.round(((a ?? 0) + (b ?? 0) + (c ?? 0) + (d ?? 0)) / 4))
    expect(half.fingerprint).not.toBe(base.fingerprint)
    expect((await load({ size: 28 })).fingerprint).toBe(base.fingerprint)
  })

  it('shares its pixels with every clone', async () => {
    const mine = await load()
    const theirs: Dataset = structuredClone(mine)
    expect(theirs.normalisation).toEqual(mine.normalisation)
    for (const split of ['train', 'validation', 'test'] as const) {
      expect(theirs[split].pixels.buffer).toBeInstanceOf(SharedArrayBuffer)
      theirs[split].pixels[5] = 123
      theirs[split].labels[6] = 9
      expect([mine[split].pixels[5], mine[split].labels[6]]).toEqual([123, 9])
    }
  })

  it('loads a quick job from the warm cache with well under a second of work', async () => {
    // Processor time, so that other work on the machine does not count.
    const before = process.cpuUsage()
    await load({ train: 2000, validation: 2000, test: 10_000, size: 28 })
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  it.each([
    [
      'an unknown name',
      { name: 'imagenet' },
      'There is no data set "imagenet" (data sets: fashion-mnist, mnist, cifar10, cifar100, imagenet16-120, ' +
        'synthetic-cifar10, arrays, folders, parquet).',
    ],
    ['no validation', { validation: 0 }, 'data.validation must be at least 1, but got 0'],
    ['a negative number', { train: -1 }, 'data.train must be a whole number of images, but got -1.'],
    ['half an image', { test: 0.5 }, 'data.test must be a whole number of images, but got 0.5.'],
    ['no size', { size: 0 }, 'data.size must be a whole number of pixels or null, but got 0.'],
    [
      'too many images together',
      { train: 58_000, validation: 5000 },
      'fashion-mnist has 60000 images for training and validation together, but data.train asks for 58000 and ' +
        'data.validation for 5000. Set data.train to at most 55000.',
    ],
    [
      'nothing left to train on',
      { train: 0, validation: 60_000 },
      'data.train asks for all that is left and data.validation for 60000. Lower data.validation.',
    ],
    ['too many test images', { test: 10_001 }, 'fashion-mnist has 10000 test images, but data.test asks for 10001.'],
  ])('refuses %s', async (_, change, message) => {
    const error = await load(change).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).message).toContain(message)
  })

  it('lists its data sets', () => {
    expect(datasetNames).toEqual([
      'fashion-mnist',
      'mnist',
      'cifar10',
      'cifar100',
      'imagenet16-120',
      'synthetic-cifar10',
      'arrays',
      'folders',
      'parquet',
    ])
  })
})

const cifar10 = sharedData('cifar-10-binary.tar.gz')

describe.skipIf(cifar10 === null)('loadDataset of CIFAR-10', () => {
  it('gives colour images, resampled', async () => {
    const data = await load({ name: 'cifar10', path: cifar10 ?? '', size: 16 })
    expect([data.channels, data.height, data.width]).toEqual([3, 16, 16])
    expect(data.train.pixels.length).toBe(205 * 3 * 256)
    expect(data.normalisation.mean.length).toBe(3)
    expect(spread(classCounts(data.train, 10))).toBe(1)
  })
})
