import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { recognise } from '../../src/datasets/inspect/recognise.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { rawImagesLoader } from '../../src/datasets/registry.js'
import { bytesNpy, floatsNpy, npyFile } from '../support/made-arrays.js'
import { writeFiles } from '../support/made-folders.js'
import { parquetFixture } from '../support/parquet-fixtures.js'
import { writeCifar10, writeCifar100, writeImagenet16 } from '../support/published-data.js'
import { idxFile } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/*
 * Every line of the table of formats in docs/data.md, with files made here: what is recognised, and the pixels and labels
 * that are read. Image i has the brightness of its number, and is of the first class if i is even.
 */

const folder = temporaryFolder('formats')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
const side = 8
const [trainCount, testCount] = [16, 8]
const count = trainCount + testCount
const brightnessOf = (image: number): number => 20 + 8 * image
const upTo = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)
const [train, test] = [upTo(0, trainCount), upTo(trainCount, count)]
const classOf = (image: number): string => ['ant', 'bee'][image % 2] ?? ''

type Files = Readonly<Record<string, Uint8Array | string>>
let roots = 0
const written = (files: Files): string => {
  const root = path.join(folder, String(roots++))
  mkdirSync(root)
  return writeFiles(root, files)
}
const at = (root: string, name: string): string => path.join(root, name)

/** An image in a format, by sharp; BMP and PNM by hand. */
async function imageFile(image: number, format: string): Promise<Uint8Array> {
  const value = brightnessOf(image)
  const pixels = Buffer.alloc(side * side * 3, value)
  if (format === 'ppm') return Buffer.concat([Buffer.from(`P6 ${side} ${side} 255\n`), pixels])
  if (format === 'bmp') {
    const header = Buffer.alloc(54)
    header.write('BM', 'latin1')
    for (const [offset, field] of [
      [2, 54 + pixels.length],
      [10, 54],
      [14, 40],
      [18, side],
      [22, side],
    ] as const) {
      header.writeUInt32LE(field, offset)
    }
    header.writeUInt16LE(1, 26)
    header.writeUInt16LE(24, 28)
    return Buffer.concat([header, pixels])
  }
  const made = sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
  if (format === 'jpg') return made.jpeg().toBuffer()
  return made.toFormat(format as 'png').toBuffer()
}

/** Images under names, such as `train/ant/3.png`. */
async function imagesOf(numbers: readonly number[], nameOf: (image: number) => string, format = 'png'): Promise<Files> {
  const entries = await Promise.all(numbers.map(async (i) => [nameOf(i), await imageFile(i, format)] as const))
  return Object.fromEntries(entries)
}

const splitFolders = async (names: readonly [string, string], format = 'png'): Promise<Files> => ({
  ...(await imagesOf(train, (i) => `${names[0]}/${classOf(i)}/${i}.${format}`, format)),
  ...(await imagesOf(test, (i) => `${names[1]}/${classOf(i)}/${i}.${format}`, format)),
})
const tableOf = (numbers: readonly number[], row: (image: number) => string, header = 'file,label'): string =>
  `${[header, ...numbers.map(row)].join('\n')}\n`
const tarOf = async (name: string, options: string, files: Promise<Files>): Promise<string> => {
  const file = path.join(written({}), name)
  execFileSync('tar', [options, file, '-C', written(await files), '.'])
  return file
}

/** `[N, ...]` bytes of images, each of one brightness. */
const bytesOf = (numbers: readonly number[], length: number): Uint8Array =>
  Uint8Array.from({ length: numbers.length * length }, (_, i) => brightnessOf(numbers[Math.floor(i / length)] ?? 0))
const labelsOf = (numbers: readonly number[]): Uint8Array => Uint8Array.from(numbers, (i) => i % 2)
const npz = (arrays: Readonly<Record<string, Uint8Array>>): string => {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]))
  return at(written({ 'my.npz': zipSync(files) }), 'my.npz')
}
const images = (numbers: readonly number[]): Uint8Array => bytesNpy(bytesOf(numbers, 64), numbers.length, side, side)
const labels = (numbers: readonly number[]): Uint8Array => bytesNpy(labelsOf(numbers), numbers.length)
const pixelCsv = (numbers: readonly number[], hasHeader: boolean): string => {
  const header = `label,${Array.from({ length: 64 }, (_, i) => `pixel${i}`).join(',')}\n`
  const rows = numbers.map((i) => `${i % 2},${[...bytesOf([i], 64)].join(',')}\n`)
  return (hasHeader ? header : '') + rows.join('')
}
const idxFiles = (nameOf: (name: string) => string, pack = (bytes: Uint8Array) => bytes): string =>
  written(
    Object.fromEntries(
      (
        [
          ['train', train],
          ['t10k', test],
        ] as const
      ).flatMap(([split, numbers]) => [
        [nameOf(`${split}-images-idx3-ubyte`), pack(idxFile(bytesOf(numbers, 64), numbers.length, side, side))],
        // Ten classes, unless a file has more: here there are two.
        [nameOf(`${split}-labels-idx1-ubyte`), pack(idxFile(labelsOf(numbers), numbers.length))],
      ]),
    ),
  )
/** Four bytes a letter. */
const text = (numbers: readonly number[]): Uint8Array =>
  npyFile(
    Buffer.from(Uint32Array.from(numbers.flatMap((i) => [...classOf(i)].map((letter) => letter.charCodeAt(0)))).buffer),
    {
      descr: '<U3',
      shape: [numbers.length],
    },
  )

/** Makes files and returns what to read. */
type Maker = () => string | Promise<string>

/** By the first cell of a line of the table. */
const makers: Readonly<Record<string, Maker>> = {
  'a folder for each class': async () => written(await imagesOf([...train, ...test], (i) => `${classOf(i)}/${i}.png`)),
  '`train` and `test` of class folders': async () => written(await splitFolders(['train', 'test'])),
  '`training_set`, `Testing`, `seg_test`, `val2017` and the like': async () =>
    written(await splitFolders(['seg_train/seg_train', 'seg_test/seg_test'])),
  'an outer folder around them': async () => written(await splitFolders(['download/pets/train', 'download/pets/test'])),
  'ZIP archive of any of these': async () =>
    at(
      written({ 'a.zip': zipSync({ ...((await splitFolders(['train', 'test'])) as Record<string, Uint8Array>) }) }),
      'a.zip',
    ),
  'tar archive of any of these': () => tarOf('a.tar', '-cf', splitFolders(['train', 'test'])),
  'tar.gz archive of any of these': () => tarOf('a.tar.gz', '-czf', splitFolders(['train', 'test'])),
  'a folder of archives': async () => {
    const root = written({})
    for (const [name, numbers] of [
      ['train.zip', train],
      ['test.zip', test],
    ] as const) {
      const files = (await imagesOf(numbers, (i) => `${classOf(i)}/${i}.png`)) as Record<string, Uint8Array>
      writeFileSync(at(root, name), zipSync(files))
    }
    return root
  },
  '`labels.csv` beside images': async () =>
    written({
      ...(await imagesOf([...train, ...test], (i) => `images/${i}.png`)),
      'labels.csv': tableOf([...train, ...test], (i) => `${i}.png,${classOf(i)}`),
    }),
  '`train.csv`, `test.csv` and images': async () =>
    written({
      ...(await imagesOf([...train, ...test], (i) => `images/${i}.png`)),
      'train.csv': tableOf(train, (i) => `${i},${classOf(i)}`),
      'test.csv': tableOf(test, (i) => `${i},${classOf(i)}`),
    }),
  'a table with a column of splits': async () =>
    written({
      ...(await imagesOf([...train, ...test], (i) => `${i}.png`)),
      'meta.tsv': tableOf(
        [...train, ...test],
        (i) => `${i}.png\t${classOf(i)}\t${i < trainCount ? 'train' : 'test'}`,
        'name\tclass\tsplit',
      ),
    }),
  '`metadata.jsonl` or `metadata.csv` in each split': async () =>
    written({
      ...(await imagesOf(train, (i) => `train/${i}.png`)),
      ...(await imagesOf(test, (i) => `test/${i}.png`)),
      'train/metadata.jsonl': train
        .map((i) => `${JSON.stringify({ file_name: `${i}.png`, label: classOf(i) })}\n`)
        .join(''),
      'test/metadata.csv': tableOf(test, (i) => `${i}.png,${classOf(i)}`, 'file_name,label'),
    }),
  "Tiny ImageNet's `val_annotations.txt`": async () =>
    written({
      ...(await imagesOf(train, (i) => `train/${classOf(i)}/images/${i}.png`)),
      ...(await imagesOf(test, (i) => `val/images/${i}.png`)),
      'val/val_annotations.txt': test.map((i) => `${i}.png\t${classOf(i)}\t0\t0\t9\t9\n`).join(''),
    }),
  WebDataset: async () => {
    const root = written({})
    for (const [name, numbers] of [
      ['train-000000.tar', train],
      ['val-000000.tar', test],
    ] as const) {
      const files = {
        ...(await imagesOf(numbers, (i) => `${i}.png`)),
        ...Object.fromEntries(numbers.map((i) => [`${i}.cls`, classOf(i)])),
      }
      execFileSync('tar', ['-cf', at(root, name), '-C', written(files), '.'])
    }
    return root
  },
  ...Object.fromEntries(
    (
      [
        ['JPEG', 'jpg'],
        ['PNG', 'png'],
        ['WebP', 'webp'],
        ['GIF', 'gif'],
        ['BMP', 'bmp'],
        ['TIFF', 'tiff'],
        ['AVIF', 'avif'],
        ['PPM, PGM, PBM', 'ppm'],
      ] as const
    ).map(([name, format]) => [
      `${name} images, whatever the ending`,
      // Half of them without an ending.
      async () =>
        written({
          ...(await imagesOf(train, (i) => `train/${classOf(i)}/${i}.${i % 3 === 0 ? 'dat' : format}`, format)),
          ...(await imagesOf(test, (i) => `test/${classOf(i)}/${i}`, format)),
        }),
    ]),
  ),
  '`.npz` of images and labels': () =>
    npz({ x_train: images(train), y_train: labels(train), x_test: images(test), y_test: labels(test) }),
  'a folder of `.npy` files': () =>
    written({
      'train_images.npy': images(train),
      'train_labels.npy': labels(train),
      'test_images.npy': images(test),
      'test_labels.npy': labels(test),
    }),
  'floating-point numbers in 0..1 or 0..255': () => {
    const floats = (numbers: readonly number[], scale: number): Uint8Array =>
      floatsNpy(
        Float32Array.from(bytesOf(numbers, 64), (value) => value / scale),
        numbers.length,
        side,
        side,
      )
    return npz({ x_train: floats(train, 255), y_train: labels(train), x_test: floats(test, 1), y_test: labels(test) })
  },
  'N x C x H x W, N x H x W x C, H x W x C x N': () =>
    npz({
      x_train: bytesNpy(bytesOf(train, 192), trainCount, 3, side, side),
      y_train: labels(train),
      x_test: bytesNpy(bytesOf(test, 192), testCount, side, side, 3),
      y_test: labels(test),
    }),
  'N x D, flat': () =>
    npz({
      data: bytesNpy(bytesOf(train, 64), trainCount, 64),
      target: labels(train),
      test_data: bytesNpy(bytesOf(test, 64), testCount, 64),
      test_labels: labels(test),
    }),
  'labels as texts, one-hot or N x 1': () =>
    npz({ x_train: images(train), y_train: text(train), x_test: images(test), y_test: text(test) }),
  'a table of pixels (CSV): `label,pixel0,...`, with or without a header': () =>
    written({ 'images.csv': pixelCsv(upTo(0, count), true) }),
  '`mnist_train.csv` and `mnist_test.csv`, packed or not': () =>
    written({ 'mnist_train.csv': pixelCsv(train, true), 'mnist_test.csv.gz': gzipSync(pixelCsv(test, false)) }),
  "FER2013's `emotion,pixels,Usage`": () => {
    const row = (usage: string) => (i: number) => `${i % 2},${[...bytesOf([i], 64)].join(' ')},${usage}`
    const rows = [...train.map(row('Training')), ...test.map(row('PrivateTest'))]
    return at(written({ 'fer2013.csv': `emotion,pixels,Usage\n${rows.join('\n')}\n` }), 'fer2013.csv')
  },
  'Parquet of encoded images': () => at(written({ 'train.parquet': parquetFixture('none.parquet') }), 'train.parquet'),
  'a folder of Parquet files': () => written({ 'data/train-00000-of-00001.parquet': parquetFixture('none.parquet') }),
  'IDX (MNIST), packed or not': () =>
    idxFiles(
      (name) => `${name}.gz`,
      (bytes) => gzipSync(bytes),
    ),
  'IDX in `MNIST/raw` below, or with names of Kaggle': () => idxFiles((name) => `MNIST/raw/${name}`),
  'EMNIST and KMNIST': () => idxFiles((name) => `emnist-digits-${name.replace('t10k', 'test')}`),
  'CIFAR-10, binary or Python version, folder or archive': () => writeCifar10(at(written({}), 'cifar-10-batches-bin')),
  'CIFAR-100, binary or Python version, folder or archive': () => writeCifar100(at(written({}), 'cifar-100-binary')),
  'ImageNet16-120': () => writeImagenet16(at(written({}), 'ImageNet16')),
}

const document = readFileSync('docs/data.md', 'utf8')
const section = document.slice(document.indexOf('## Every format and layout'))
const rows = [...section.slice(0, section.indexOf('\n## ', 4)).matchAll(/^\| (.+?) \| `([a-z0-9-]+)` \|/gm)].map(
  ([, what = '', name = '']) => [what, name] as const,
)

/** Data sets whose images come from elsewhere. */
const published = new Set(['cifar10', 'cifar100', 'imagenet16-120', 'parquet'])

/** The numbers of images by their brightness. */
function numbersIn({ classNames, test, train }: RawImages) {
  return [train, test].flatMap(({ count: images, labels: found, pixels }) => {
    const length = pixels.length / images
    return Array.from({ length: images }, (_, i) => {
      const values = pixels.subarray(i * length, (i + 1) * length)
      const mean = values.reduce((sum, value) => sum + value, 0) / length
      const number = Math.round((mean - 20) / 8)
      // Some formats lose a little.
      expect(Math.abs(mean - brightnessOf(number)), `image ${number}`).toBeLessThan(2)
      return { number, isSecond: ['bee', '1'].includes(classNames[found[i] ?? -1] ?? '') }
    })
  })
}

describe('the table of formats in docs/data.md', () => {
  it('has a test for every line, and a line for every test', () => {
    expect(rows.map(([what]) => what).toSorted()).toEqual(Object.keys(makers).toSorted())
  })

  it.each(rows)('%s: %s', async (what, name) => {
    const location = await makers[what]?.()
    const found = await recognise(location ?? '')
    expect(found.name).toBe(name)
    const loaded = await rawImagesLoader(found)({ path: found.path, train: 0, test: 0, settings: {} }, {})
    if (published.has(name)) {
      expect(loaded.train.count).toBeGreaterThan(loaded.test.count)
      return
    }
    const all = numbersIn(loaded).toSorted((a, b) => a.number - b.number)
    expect(all).toEqual(upTo(0, count).map((number) => ({ number, isSecond: number % 2 === 1 })))
  })
})
