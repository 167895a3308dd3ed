import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFashionMnist } from '../../src/datasets/fashion-mnist.js'
import { recognise } from '../../src/datasets/inspect/recognise.js'
import { loadMnist } from '../../src/datasets/mnist.js'
import { ConfigError, DataError } from '../../src/platform/errors.js'
import { idxFile, writeMnist } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('mnist')
let folders = 0
const write = (packed?: boolean): string => writeMnist(path.join(folder, String(folders++)), packed)

async function failure(location: string): Promise<string> {
  const error: unknown = await loadMnist(location, {}).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  return (error as Error).message
}

describe('mnist', () => {
  it.each([true, false])('reads the four files, packed: %s', async (packed) => {
    const images = await loadMnist(write(packed), {})
    expect(images).toMatchObject({ channels: 1, height: 8, width: 8, classNames: [...'0123456789'] })
    expect([images.train.count, images.test.count]).toEqual([200, 100])
    expect([...images.train.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    expect([0, 1, 64, 65].map((i) => images.train.pixels[i])).toEqual([0, 1, 1, 10])
    expect(images.test.pixels[65]).toBe(128 + 10)
  })

  it('reads names with a dot, as some archives have them', async () => {
    const location = write(false)
    for (const name of ['train-images', 't10k-images']) {
      renameSync(path.join(location, `${name}-idx3-ubyte`), path.join(location, `${name}.idx3-ubyte`))
    }
    expect((await loadMnist(location, {})).train.count).toBe(200)
  })

  it('is the format of the published Fashion-MNIST too', async () => {
    const images = await loadFashionMnist(write(), {})
    expect(images.classNames[9]).toBe('Ankle boot')
    expect(images.test.count).toBe(100)
  })

  it.each([
    ['a missing file', 't10k-labels-idx1-ubyte', null, /it has no t10k-labels-idx1-ubyte\. Give the folder/],
    [
      'a file cut off',
      'train-images-idx3-ubyte',
      (b: Buffer) => b.subarray(0, 999),
      /200 x 8 x 8 bytes are declared, but 983 follow/,
    ],
    [
      'another file',
      'train-images-idx3-ubyte',
      () => Buffer.from('<html></html>'),
      /train-images-idx3-ubyte: it does not begin as an IDX file/,
    ],
    [
      'images where labels belong',
      'train-labels-idx1-ubyte',
      () => idxFile(new Uint8Array(4), 2, 2),
      /it has 2 axes, not 1/,
    ],
    [
      'a label too many',
      'train-labels-idx1-ubyte',
      () => idxFile(new Uint8Array(201), 201),
      /it has 201 labels for 200 images/,
    ],
    [
      'a label of no class',
      't10k-labels-idx1-ubyte',
      () => idxFile(new Uint8Array(100).fill(10), 100),
      /label 0 is 10, which no training image has/,
    ],
    [
      'test images of another size',
      't10k-images-idx3-ubyte',
      () => idxFile(new Uint8Array(1600), 100, 4, 4),
      /its images are 4 x 4, those for training 8 x 8/,
    ],
  ])('refuses %s, naming the file', async (_, name, change, message) => {
    const location = write(false)
    const file = path.join(location, name)
    if (change === null) renameSync(file, `${file}.old`)
    else writeFileSync(file, change(readFileSync(file)))
    expect(await failure(location)).toMatch(message)
  })

  it('reads labels beyond 9, as EMNIST has them: each is a class', async () => {
    const location = write(false)
    for (const [split, count] of [
      ['train', 200],
      ['t10k', 100],
    ] as const) {
      const labels = Uint8Array.from({ length: count }, (_, i) => 1 + (i % 26))
      writeFileSync(path.join(location, `${split}-labels-idx1-ubyte`), idxFile(labels, count))
    }
    const { classNames, train, test } = await loadMnist(location, {})
    expect(classNames).toEqual(Array.from({ length: 26 }, (_, i) => String(i + 1)))
    expect([train.labels[0], train.labels[25], test.labels[26]]).toEqual([0, 25, 0])
  })

  it.each<[string, (file: string) => string]>([
    ['with names before them', (name) => `emnist-digits-${name.replace('t10k', 'test')}`],
    ['in folders of torchvision', (name) => path.join('MNIST', 'raw', name)],
    ['in folders of their own names', (name) => path.join(name, name)],
  ])('finds files %s', async (_, place) => {
    const from = write(false)
    const to = path.join(folder, `placed-${place('x').replaceAll(path.sep, '-')}`)
    for (const name of readdirSync(from)) {
      mkdirSync(path.dirname(path.join(to, place(name))), { recursive: true })
      renameSync(path.join(from, name), path.join(to, place(name)))
    }
    expect((await loadMnist(to, {})).train.count).toBe(200)
    expect(await recognise(to)).toMatchObject({ name: 'mnist' })
  })

  it('prefers files to folders of their names, and refuses the files of two data sets', async () => {
    const location = write(false)
    mkdirSync(path.join(location, 'train-images.idx3-ubyte'))
    expect((await loadMnist(location, {})).train.count).toBe(200)
    writeFileSync(path.join(location, 'emnist-letters-train-images-idx3-ubyte'), '')
    expect(await failure(location)).toContain('it has the files of MNIST, emnist-letters. Name a folder')
  })

  it('asks for data.path, and names one that does not exist', async () => {
    await expect(loadMnist(undefined, {})).rejects.toThrow(ConfigError)
    expect(await failure(path.join(folder, 'nowhere'))).toContain(
      'nowhere: it is not a readable folder. Give the folder',
    )
  })
})
