import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DatasetRequest } from '../../src/datasets/dataset-request.js'
import { checkDataset } from '../../src/datasets/inspect/check-dataset.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import type { ImagesRequest, RawImages, RawImagesLoader } from '../../src/datasets/raw-images.js'
import { ConfigError, DataError } from '../../src/platform/errors.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('own-dataset')
const taken = { train: 6, validation: 3, test: 0, size: null, seed: 1 }
const example: DatasetRequest = {
  name: 'module',
  module: './examples/dataset.mjs',
  settings: { perClass: 4 },
  ...taken,
}

const asValue = (images: RawImages | RawImagesLoader): DatasetRequest => ({
  name: 'value',
  value: new PartValue('mine', images),
  ...taken,
})

const images: RawImages = {
  classNames: ['a', 'b', 'c'],
  channels: 2,
  height: 2,
  width: 3,
  train: { count: 9, pixels: new Uint8Array(9 * 12).fill(7), labels: Uint8Array.from({ length: 9 }, (_, i) => i % 3) },
  test: { count: 3, pixels: new Uint8Array(3 * 12), labels: Uint8Array.of(0, 1, 2) },
}

async function errorOf(request: DatasetRequest): Promise<Error> {
  const error: unknown = await loadDataset(request).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Error)
  return error as Error
}

describe('a data set that is a module', () => {
  it('is loaded with its settings, and dealt as every other one', async () => {
    const dataset = await loadDataset(example)
    expect(dataset).toMatchObject({
      name: './examples/dataset.mjs',
      classNames: ['flat', 'steep', 'falling'],
      train: { count: 6 },
      validation: { count: 3 },
      test: { count: 3 },
    })
    expect((await loadDataset(example)).fingerprint).toBe(dataset.fingerprint)
    expect((await loadDataset({ ...example, settings: { perClass: 4, noise: 0 } })).fingerprint).not.toBe(
      dataset.fingerprint,
    )
  })

  it('can be looked at', async () => {
    const check = await checkDataset({ ...example, kind: 'of one’s own', configured: example })
    expect(check).toMatchObject({
      name: './examples/dataset.mjs',
      train: { perClass: [4, 4, 4] },
      settings: { name: 'module', module: './examples/dataset.mjs', settings: { perClass: 4 } },
      taken: { train: 6, validation: 3, test: 3 },
    })
  })

  it('is refused with what the module says', async () => {
    const module = path.join(folder, 'absent-file.mjs')
    writeFileSync(module, 'export default async ({ path }) => { throw new Error(path + " is not there") }\n')
    const error = await errorOf({ ...taken, name: 'module', module, path: 'data/mine' })
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toBe(`${module} made no data set: data/mine is not there`)
  })
})

describe('a data set that is a value', () => {
  it('is the images, or what loads them', async () => {
    const dataset = await loadDataset(asValue(images))
    expect(dataset).toMatchObject({ name: 'mine', channels: 2, height: 2, width: 3 })
    const requests: ImagesRequest[] = []
    const loaded = await loadDataset(
      asValue((request) => {
        requests.push(request)
        return images
      }),
    )
    expect(loaded.fingerprint).toBe(dataset.fingerprint)
    expect(requests).toEqual([{ train: 9, test: 0, size: null, settings: {} }])
  })

  it('is refused where it is not here', async () => {
    expect((await errorOf({ ...taken, name: 'value', value: 'mine' })).message).toContain(
      'was passed as a value by the',
    )
  })

  const { test, train } = images
  it.each([
    [{ classNames: ['a'] }, 'classNames must be 2 to 65536 names, got 1'],
    [
      { classNames: Array.from({ length: 65_537 }, (_, i) => `${i}`) },
      'classNames must be 2 to 65536 names, got 65537',
    ],
    [{ classNames: ['a', 'b', 'a'] }, 'classNames has a twice'],
    [{ classNames: ['a', 'b', 3] }, 'classNames must be a list of texts'],
    [{ classNames: ['a', 'b'] }, 'train.labels must lie in 0..1, and image 2 has 2'],
    [{ channels: 0 }, 'channels must be a whole number of at least 1, got 0'],
    [{ width: 2.5 }, 'width must be a whole number of at least 1, got 2.5'],
    [{ height: 4 }, 'train.pixels must hold 9 x 2 x 4 x 3 = 216 bytes, got 108'],
    [{ test: undefined }, 'test must be an object with count, pixels and labels'],
    [{ test: { ...test, count: 0 } }, 'test.count must be a whole number of at least 1, got 0'],
    [{ train: { ...train, pixels: [...train.pixels] } }, 'train.pixels must be a Uint8Array'],
    [
      { train: { ...train, labels: Int32Array.from(train.labels) } },
      'train.labels must be a Uint8Array or Uint16Array',
    ],
    [{ test: { ...test, labels: Uint8Array.of(0, 1) } }, 'test.labels must hold 3 labels, got 2'],
    [{ scale: { mean: [0, 0], std: [1, 0] } }, 'scale must have a mean, and a std above 0, for each of the 2 channels'],
  ])('is refused with what is wrong with it: %#', async (changes, complaint) => {
    const error = await errorOf(asValue({ ...images, ...changes } as RawImages))
    expect(error).toBeInstanceOf(DataError)
    expect(error.message).toBe(
      `The value "mine" is no data set: ${complaint}${complaint.startsWith('scale') ? ', or be left out' : ''}. See docs/extending.md.`,
    )
  })
})
