import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ReadingOptions } from '../../../src/datasets/dataset.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { loadParquet } from '../../../src/datasets/parquet/load-parquet.js'
import { writeFiles } from '../../support/made-folders.js'
import { parquetFixture, parquetFixtures } from '../../support/parquet-fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('parquet')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')

let roots = 0
const write = (files: Readonly<Record<string, Uint8Array>>): string =>
  writeFiles(path.join(folder, String(roots++)), files)
const fileOf = (name: string): string => path.join(write({ [name]: parquetFixture(name) }), name)

/** As in make-parquet.py. */
const pixelsOf = (image: number): readonly number[] =>
  Array.from({ length: 48 }, (_, i) => {
    const [c, y, x] = [Math.floor(i / 16), Math.floor((i % 16) / 4), i % 4]
    return (image * 10 + y * 3 + x * 5 + c * 40) % 256
  })

/** The numbers of the images of a split, by their pixels, and the names of their classes. */
async function read(location: string, wanted?: ReadingOptions) {
  const notes: string[] = []
  const { channels, classNames, height, train, test, width } = await loadParquet(
    location,
    { onWarning: (note) => notes.push(note.replaceAll(location, 'PATH')) },
    wanted,
  )
  expect([channels, height, width]).toEqual([3, 4, 4])
  const known = new Map(Array.from({ length: 16 }, (_, image) => [pixelsOf(image).join(), image]))
  const all = [train, test].map(({ count, labels, pixels }) =>
    Array.from({ length: count }, (_, i) => ({
      image: known.get([...pixels.subarray(48 * i, 48 * (i + 1))].join()),
      name: classNames[labels[i] ?? -1],
    })),
  )
  return { classNames, train: all[0] ?? [], test: all[1] ?? [], notes }
}

const named = (numbers: readonly number[], names: readonly string[]) =>
  numbers.map((image) => ({ image, name: names[image % names.length] }))
const upTo = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)

describe('loadParquet', () => {
  it('reads shards of splits, with the names of classes in their order', async () => {
    const shards = Object.fromEntries(
      parquetFixtures.flatMap((name) => (/-of-/.test(name) ? [[`data/${name}`, parquetFixture(name)]] : [])),
    )
    const root = write({ ...shards, 'README.md': Buffer.from('read me') })
    const { classNames, train, test, notes } = await read(root)
    expect(classNames).toEqual(['owl', 'cat'])
    expect(train).toEqual(named(upTo(0, 12), ['owl', 'cat']))
    expect(test).toEqual(named(upTo(12, 16), ['owl', 'cat']))
    expect(notes).toEqual([
      'PATH: train: data/train-00000-of-00002.parquet, data/train-00001-of-00002.parquet; test: data/test-00000-of-00001.parquet',
    ])
    expect(await recognise(root)).toEqual({ kind: 'a folder of Parquet files', name: 'parquet', path: root })
  })

  it.each(['none', 'gzip', 'zstd', 'brotli', 'lz4'])('unpacks %s', async (codec) => {
    const file = fileOf(`${codec}.parquet`)
    const { train, test } = await read(file)
    const all = [...train, ...test].toSorted((a, b) => (a.image ?? 0) - (b.image ?? 0))
    expect(all).toEqual(named(upTo(0, 12), ['owl', 'cat']))
    expect(await recognise(file)).toMatchObject({ name: 'parquet', path: file })
  })

  it('reads columns of bytes and of texts', async () => {
    const { classNames, train, test } = await read(fileOf('plain.parquet'))
    expect(classNames).toEqual(['ant', 'dog'])
    const all = [...train, ...test].toSorted((a, b) => (a.image ?? 0) - (b.image ?? 0))
    expect(all).toEqual(named(upTo(0, 12), ['dog', 'ant']))
  })

  it('leaves out images without a label, and says so', async () => {
    const { train, test, notes } = await read(fileOf('unlabelled.parquet'))
    expect(train.length + test.length).toBe(8)
    expect(notes[0]).toBe('PATH: 4 images without a label')
  })

  it('takes the columns that the user names', async () => {
    const file = fileOf('two-labels.parquet')
    expect((await read(file)).classNames).toEqual(['0', '1'])
    expect((await read(file, { labels: { label: 'coarse_label' } })).classNames).toEqual(['0', '1', '2'])
    await expect(read(file, { labels: { label: 'x' } })).rejects.toThrow(
      `${file}: it has no column "x" (columns: image, fine_label, coarse_label). Correct data.labels.label.`,
    )
  })

  it.each([
    [
      'no-labels.parquet',
      'no column of labels is recognised (columns: image, caption, text). Set data.labels to { label: COLUMN }.',
    ],
    ['wrong-label.parquet', 'row 2 has label 2, but there are 2 names of classes.'],
    ['null-image.parquet', 'null-image.parquet: row 2: it holds no bytes of an image'],
  ])('refuses %s', async (name, message) => {
    await expect(loadParquet(fileOf(name), {})).rejects.toThrow(message)
  })

  it('refuses a file that is cut off or damaged anywhere, with its name', async () => {
    const bytes = parquetFixture('none.parquet')
    for (const length of [0, 10, 500, bytes.length - 1]) {
      const file = path.join(write({ 'a.parquet': bytes.subarray(0, length) }), 'a.parquet')
      await expect(loadParquet(file, {})).rejects.toThrow(`${file}: it is a damaged Parquet file (`)
    }
    const damaged = Buffer.from(bytes).fill(7, 60, 400)
    const file = path.join(write({ 'b.parquet': damaged }), 'b.parquet')
    await expect(loadParquet(file, {})).rejects.toThrow(`${file}: `)
  })

  it('deals images by a column of splits', async () => {
    const { notes, test, train } = await read(fileOf('splits.parquet'))
    expect(train).toEqual(named(upTo(0, 8), ['owl', 'cat']))
    expect(test).toEqual(named(upTo(8, 12), ['owl', 'cat']))
    expect(notes).toEqual([])
    const flagged = await read(fileOf('validation.parquet'))
    expect(flagged.train).toEqual(named(upTo(0, 8), ['owl', 'cat']))
    expect(flagged.test).toEqual(named(upTo(8, 12), ['owl', 'cat']))
    expect(flagged.notes).toEqual(['PATH: without test images, the validation images take their place'])
  })

  it('takes for training only what its name says, where names say something', async () => {
    const bytes = parquetFixture('none.parquet')
    const root = write({
      'train-00000-of-00001.parquet': parquetFixture('train-00000-of-00002.parquet'),
      'test-00000-of-00001.parquet': parquetFixture('test-00000-of-00001.parquet'),
      'unsupervised-00000-of-00001.parquet': bytes,
      'train_aug-00000-of-00001.parquet': bytes,
    })
    const { notes, train } = await read(root)
    expect(train).toHaveLength(7)
    expect(notes[0]).toBe('PATH: not used: train_aug-00000-of-00001.parquet, unsupervised-00000-of-00001.parquet')
  })

  it('refuses a folder of several data sets', async () => {
    const root = write({
      'mnist/train.parquet': parquetFixture('none.parquet'),
      'fashion/train.parquet': parquetFixture('none.parquet'),
    })
    await expect(loadParquet(root, {})).rejects.toThrow(
      `${root}: it holds training images of several data sets (${root}/fashion, ${root}/mnist). Set data.path to one of them.`,
    )
  })
})
