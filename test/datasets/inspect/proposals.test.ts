import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { checkImageSize } from '../../../src/config/fit/image-size.js'
import { loadConfig } from '../../../src/config/load-config.js'
import { classCounts } from '../../../src/datasets/class-balance.js'
import type { ReadingOptions } from '../../../src/datasets/dataset.js'
import { checkDataset } from '../../../src/datasets/inspect/check-dataset.js'
import { datasetProblems } from '../../../src/datasets/inspect/dataset-problems.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { loadDataset } from '../../../src/datasets/load-dataset.js'
import { describeCheck } from '../../../src/reports/dataset-check-text.js'
import { bytesNpy } from '../../support/made-arrays.js'
import { pngFile, writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('proposals')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
let made = 0

/** Bytes that differ from image to image and from pixel to pixel. */
const noise = (i: number): number => (Math.imul(i + 1, 2_654_435_761) >>> 16) & 255

/** An `.npz` file with the given number of images of each class. */
function arrays(counts: readonly number[], height: number, width: number, channels = 1): string {
  const labels = counts.flatMap((count, label) => Array.from({ length: count }, () => label))
  const pixels = Uint8Array.from({ length: labels.length * height * width * channels }, (_, i) => noise(i))
  const file = path.join(folder, `${made++}.npz`)
  const images = bytesNpy(pixels, labels.length, height, width, ...(channels === 1 ? [] : [channels]))
  writeFileSync(file, zipSync({ 'images.npy': images, 'labels.npy': bytesNpy(Uint8Array.from(labels), labels.length) }))
  return file
}

/** Class folders with the given number of images each, of a size and a number of channels that the image's number decides. */
function folders(
  name: string,
  counts: readonly number[],
  shape: (i: number) => readonly [height: number, width: number, channels: number],
): string {
  const files = counts.flatMap((count, label) =>
    Array.from({ length: count }, (_, i) => {
      const [height, width, channels] = shape(i)
      return [
        `class ${label}/${i}.png`,
        pngFile(width, height, channels, (at) => noise(at + 997 * (i + 99 * label))),
      ] as const
    }),
  )
  const place = path.join(folder, name)
  mkdirSync(place)
  return writeFiles(place, Object.fromEntries(files))
}

/** What `data check` prints of a place. */
async function checked(place: string, reading: ReadingOptions = {}) {
  const found = await checkDataset({ ...(await recognise(place)), ...reading, size: reading.size ?? null })
  return { found, text: describeCheck(found) }
}

/** The proposal as it is printed, in a configuration, taken by a run. */
async function accepted(text: string) {
  const file = path.join(folder, `${made++}.yaml`)
  writeFileSync(file, `${text.split('In a configuration:\n')[1]}\nbudget: { trials: 1 }\n`)
  const { data, seed } = loadConfig(file)
  const dataset = await loadDataset({ ...data, seed })
  expect(checkImageSize(dataset)).toEqual([])
  for (const split of [dataset.train, dataset.validation, dataset.test]) {
    expect(classCounts(split, dataset.classes)).not.toContain(0)
  }
  return dataset
}

const small = (): readonly [number, number, number] => [8, 8, 1]

describe('what data check proposes', () => {
  it.each([
    ['the smallest that there may be', () => arrays([3, 3], 8, 8)],
    ['classes of very unequal size', () => arrays([3, 80, 7, 200], 8, 8)],
    [
      'many classes',
      () =>
        arrays(
          Array.from({ length: 120 }, () => 4),
          8,
          8,
        ),
    ],
    ['images of 7x9', () => arrays([40, 40, 40], 7, 9)],
    ['images of 30x50', () => arrays([12, 12], 30, 50)],
    ['images of one pixel', () => arrays([12, 12], 1, 1)],
    ['large images', () => arrays([6, 6], 120, 200, 3)],
    ['images that are not square', () => arrays([12, 12], 8, 28)],
    ['folders with a difficult name', () => folders('it\'s: a #1 "name" [x]', [5, 9], small)],
    ['folders whose name is a number', () => folders('123', [5, 9], small)],
  ])('is accepted by a run: %s', async (_, make) => {
    const { text, found } = await checked(make())
    const dataset = await accepted(text)
    expect(dataset.train.count + dataset.validation.count).toBe(found.train.images)
    expect(dataset.validation.count % dataset.classes).toBe(0)
  })

  it.each([
    ['grey and colour', { channels: 1 }, (i: number) => [8, 8, i % 2 === 0 ? 1 : 3] as const],
    ['several sizes', { size: 12 }, (i: number) => [8 + (i % 3), 9, 1] as const],
    ['several sizes, to one that does not fit', { size: 10 }, (i: number) => [8 + (i % 3), 9, 1] as const],
    ['both', { size: 8, channels: 3 }, (i: number) => [8 + (i % 3), 9, i % 2 === 0 ? 1 : 3] as const],
  ] as const)('keeps what was needed to read it: %s', async (label, reading, shape) => {
    const place = folders(label, [7, 9], shape)
    await expect(checked(place)).rejects.toThrow(/Set data\.(size|channels)/)
    const dataset = await accepted((await checked(place, reading)).text)
    if ('channels' in reading) expect(dataset.channels).toBe(reading.channels)
    expect(dataset.height).toBe('size' in reading ? 4 * Math.round(reading.size / 4) : 8)
  })

  it.each([
    ['one image of a class, with test images', [1, 9]],
    ['two images of a class, of which one is set aside', [2, 9]],
  ] as const)('is nothing where no run can be: %s', async (label, counts) => {
    const train = folders(label, counts, small)
    const isWhole = counts[0] === 1
    const place = isWhole ? path.join(folder, `${label} and test`) : train
    if (isWhole) {
      mkdirSync(place)
      for (const split of ['train', 'test'])
        folders(`${label} and test/${split}`, split === 'train' ? counts : [2, 2], small)
    }
    const { found, text } = await checked(place)
    expect(found.problems).toContain(
      'a single training image of class 0, and one is needed for training and one for validation. Add some, or leave the class out.',
    )
    expect([found.settings, text.includes('In a configuration')]).toEqual([null, false])
  })
})

describe('the problems of a run', () => {
  /** The same images for training and test, in the files of NumPy. */
  function leaky(): string {
    const file = path.join(folder, 'leaky.npz')
    if (existsSync(file)) return file
    const images = bytesNpy(
      Uint8Array.from({ length: 60 * 64 }, (_, i) => noise(i)),
      60,
      8,
      8,
    )
    const labels = bytesNpy(
      Uint8Array.from({ length: 60 }, (_, i) => i % 3),
      60,
    )
    writeFileSync(
      file,
      zipSync({ 'x_train.npy': images, 'y_train.npy': labels, 'x_test.npy': images, 'y_test.npy': labels }),
    )
    return file
  }
  const request = { name: 'arrays', path: leaky(), train: 0, validation: 12, test: 0, size: null, seed: 1 } as const
  const known =
    '60 of 60 test images are also training images: accuracies would be too high. Remove them from one of the two.'

  it('are those of data check, of the file and of the configuration', async () => {
    expect(datasetProblems(await loadDataset(request))).toEqual([known])
    expect((await checked(leaky())).found.problems).toEqual([known])
    const configured = { kind: 'a configuration', ...request, configured: request }
    expect((await checkDataset(configured)).problems).toEqual([known])
  })

  it('include a size that networks do not take, which a run refuses', async () => {
    const odd = {
      name: 'arrays',
      path: arrays([9, 9], 7, 9),
      train: 0,
      validation: 4,
      test: 0,
      size: null,
      seed: 1,
    } as const
    const { problems } = await checkDataset({ kind: 'a configuration', ...odd, configured: odd })
    expect(problems).toEqual([
      'networks need a height and width that are multiples of 4, and the images have 9x7: set data.size, such as 8.',
    ])
  })

  it('are of the images that are taken alone', async () => {
    const dataset = await loadDataset({ ...request, train: 6, validation: 2 })
    const [missing, share] = datasetProblems(dataset)
    expect(missing).toMatch(/^no validation images of \d\. Set data\.validation to at least 3\.$/)
    expect(share).toMatch(/^8 of 60 test images are also training images/)
  })
})
