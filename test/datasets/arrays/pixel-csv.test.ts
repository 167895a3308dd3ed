import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadArrays } from '../../../src/datasets/arrays/load-arrays.js'
import type { ReadingOptions } from '../../../src/datasets/dataset.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import type { RawImages } from '../../../src/datasets/raw-images.js'
import { DataError } from '../../../src/platform/errors.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('pixel-csv')

interface Case {
  readonly text: string
  readonly images: string
  readonly labels: readonly string[]
  /** The column that holds the labels. */
  readonly side?: string
  readonly unused?: string
  readonly layout?: ReadingOptions['layout']
}
/** Made by `fixtures/make-tables.py` with NumPy 2.4.6. */
const fixture = JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/tables.json'), 'utf8')) as {
  readonly tables: Readonly<Record<string, Case>>
  readonly fer2013: {
    readonly text: string
    readonly named: string
    readonly splits: Readonly<Record<'train' | 'validation' | 'test', Case>>
  }
}
const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')

let folders = 0
/** A new folder with these files. */
function write(files: Readonly<Record<string, string | Uint8Array>>): string {
  const place = path.join(folder, String(folders++))
  mkdirSync(place)
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(place, name), content)
  return place
}

async function load(location: string, wanted: ReadingOptions = {}) {
  const notes: string[] = []
  const images = await loadArrays(location, { onWarning: (note) => notes.push(note) }, wanted)
  return { ...images, notes }
}

async function failure(content: string | Uint8Array, wanted = {}): Promise<string> {
  const file = path.join(write({ 'a.csv': content }), 'a.csv')
  const error: unknown = await loadArrays(file, {}, wanted).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  const { message } = error as Error
  expect(message.startsWith(file)).toBe(true)
  return message.slice(file.length)
}

/** The labels of a split as they were in the file. */
const labelsOf = ({ classNames }: RawImages, labels: ArrayLike<number>): readonly (string | undefined)[] =>
  Array.from(labels, (label) => classNames[label])

/** Twelve images of 4x4 in three classes. */
const rows = Array.from({ length: 12 }, (_, i) => [i % 3, ...Array.from({ length: 16 }, (__, k) => (i * 16 + k) % 256)])
const names = ['label', ...Array.from({ length: 16 }, (_, k) => `pixel${k}`)]
const tableOf = (cells: readonly (readonly unknown[])[], header: readonly string[] | null = names): string =>
  [...(header === null ? [] : [header]), ...cells].map((row) => `${row.join(',')}\n`).join('')
const table = tableOf(rows)
/** The table with one row changed; row 0 is line 2. */
const withRow = (row: number, cells: readonly unknown[]): string =>
  tableOf(rows.map((old, i) => (i === row ? cells : old)))

describe('tables of pixels', () => {
  it.each(Object.keys(fixture.tables))('reads %s', async (name) => {
    const { text, images, labels, side, unused, layout } = fixture.tables[name] as Case
    const place = write({ 'a_train.csv': bytesOf(text), 'a_test.csv.gz': gzipSync(bytesOf(text)) })
    const read = await load(place, { layout })
    for (const split of [read.train, read.test]) {
      expect(Buffer.compare(split.pixels, bytesOf(images))).toBe(0)
      expect(labelsOf(read, split.labels)).toEqual(labels)
    }
    expect(read.height).toBe(read.width)
    const notes = read.notes.filter((note) => note.startsWith(path.join(place, 'a_train.csv')))
    if (side !== undefined)
      expect(notes).toEqual([
        expect.stringMatching(`: the ${side} column, with 3 different numbers, was taken for them`),
      ])
    if (unused !== undefined) expect(notes).toEqual([expect.stringContaining(`columns not used: ${unused}`)])
    expect(await recognise(path.join(place, 'a_train.csv'))).toMatchObject({ name: 'arrays' })
    expect(await recognise(path.join(place, 'a_test.csv.gz'))).toMatchObject({ name: 'arrays' })
    expect(await recognise(place)).toMatchObject({ name: 'arrays', path: place })
  })

  it.each(['text', 'named'] as const)('reads FER2013, its splits by the column Usage (%s)', async (key) => {
    const place = write({ 'fer2013.csv': bytesOf(fixture.fer2013[key]) })
    const read = await load(path.join(place, 'fer2013.csv'))
    expect(read).toMatchObject({ channels: 1, height: 6, width: 6, notes: [] })
    for (const split of ['train', 'validation', 'test'] as const) {
      const { images, labels } = fixture.fer2013.splits[split]
      expect(Buffer.compare(read[split]?.pixels ?? Buffer.of(), bytesOf(images))).toBe(0)
      expect(labelsOf(read, read[split]?.labels ?? [])).toEqual(labels)
    }
    expect(await recognise(place)).toMatchObject({ name: 'arrays', path: place })
  })

  it('takes a column without a name for 300 classes, but not if it numbers the rows', async () => {
    const cells = Array.from({ length: 900 }, (_, i) => [i % 256, 1, 2, i % 251])
    const first = tableOf(
      cells.map((pixels, i) => [i % 300, ...pixels]),
      null,
    )
    const read = await load(path.join(write({ 'first.csv': first }), 'first.csv'))
    expect(read.classNames).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`))
    expect(read.notes[0]).toContain('the first column, with 300 different numbers, was taken for them')
    // Three pixels beside the number: with it there are four.
    const numbered = tableOf(
      cells.map(([, ...pixels], i) => [i, ...pixels, i % 2]),
      null,
    )
    const place = write({ 'numbered.csv': numbered })
    await expect(load(path.join(place, 'numbered.csv'))).rejects.toThrow(/pixels must be in 0\.\.255/)
  })

  it('reads any table that was written', async () => {
    const anyTable = fc.record({
      separator: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n'),
      scale: fc.constantFrom(1, 255),
      labelAt: fc.nat(16),
      images: fc.array(fc.tuple(fc.integer(), fc.uint8Array({ minLength: 16, maxLength: 16 })), {
        minLength: 2,
        maxLength: 40,
      }),
    })
    await fc.assert(
      fc.asyncProperty(anyTable, async ({ separator, end, scale, labelAt, images }) => {
        // Two classes, and both ends of the range, which tell the scale.
        const cells = [[1, new Uint8Array(16).fill(255)] as const, [2, new Uint8Array(16)] as const, ...images].map(
          ([label, pixels]) =>
            Array.from(pixels, (value) => String(value / scale)).toSpliced(labelAt, 0, String(label)),
        )
        const header = names.slice(1).toSpliced(labelAt, 0, 'label')
        const text = [header, ...cells].map((row) => row.join(separator) + end).join('')
        const read = await loadArrays(write({ 'a_train.csv': text, 'a_test.csv': text }), {})
        expect([...read.train.pixels]).toEqual(
          [255, 0].flatMap((v) => Array(16).fill(v)).concat(images.flatMap(([, p]) => [...p])),
        )
        expect(labelsOf(read, read.train.labels)).toEqual(['1', '2', ...images.map(([label]) => String(label))])
      }),
      { numRuns: 60 },
    )
  })

  it('reads rows on both sides of where pieces of the file meet', async () => {
    // Lines of 5 kB, so that pieces of 1 MiB end within one.
    const many = Array.from({ length: 500 }, (_, i) => [
      i % 2,
      ...Array.from({ length: 1024 }, (__, k) => (i * 7 + k * 3) % 256),
    ])
    const text = tableOf(many, null)
    expect(text.length).toBeGreaterThan(1.5 * 2 ** 20)
    const { train, test } = await load(write({ 'train.csv': text, 'test.csv': gzipSync(text) }))
    const expected = Buffer.from(many.flatMap(([, ...pixels]) => pixels))
    expect(Buffer.compare(train.pixels, expected)).toBe(0)
    expect(Buffer.compare(test.pixels, expected)).toBe(0)
  })
})

describe('files of tables', () => {
  const other = tableOf(rows.slice(0, 6))
  const unlabelled = tableOf(
    rows.map((row) => row.slice(1)),
    names.slice(1),
  )

  it('takes a file for training together with those beside it that are called the same', async () => {
    const place = write({
      'a-letters-train.csv': table,
      'a-letters-test.csv': other,
      'a-letters-dev.csv': other,
      'a-digits-train.csv': table,
      'a-digits-test.csv': table,
    })
    const read = await load(path.join(place, 'a-letters-train.csv'))
    expect([read.train.count, read.validation?.count, read.test.count]).toEqual([12, 6, 6])
    expect(read.notes).toEqual([
      expect.stringContaining('a-letters-dev.csv (validation), a-letters-test.csv (test) beside it belongs to it'),
    ])
    await expect(load(place)).rejects.toThrow(
      /a-digits-train\.csv, a-letters-train\.csv may each hold the training images\. Set data\.path to one of them\./,
    )
  })

  it("does not use Kaggle's test.csv, which has no labels, and says so", async () => {
    const place = write({ 'train.csv': table, 'test.csv': unlabelled, 'sample_submission.csv': 'ImageId,Label\n1,0\n' })
    const read = await load(place)
    expect([read.train.count, read.test.count]).toEqual([9, 3])
    expect(read.notes).toEqual([
      `${path.join(place, 'test.csv')}: it has no labels, so it is not used`,
      `${place}: not used: sample_submission.csv`,
      expect.stringContaining('has no test images'),
    ])
  })

  it('does not call a file without labels part of the set', async () => {
    const place = write({ 'train.csv': table, 'test.csv': unlabelled })
    expect((await load(path.join(place, 'train.csv'))).notes).toEqual([
      `${path.join(place, 'test.csv')}: it has no labels, so it is not used`,
      expect.stringContaining('has no test images'),
    ])
  })

  it('takes a file of any name that is alone, and validation images for test images', async () => {
    expect((await load(write({ 'faces.csv': table }))).train.count).toBe(9)
    const read = await load(write({ 'x_train.csv': table, 'x_valid.csv': other }))
    expect([read.train.count, read.test.count]).toEqual([12, 6])
    expect(read.notes).toEqual([expect.stringContaining('the validation images take their place')])
  })

  it('prefers an unpacked file to a packed one of the same name', async () => {
    const place = write({ 'train.csv': table, 'train.csv.gz': 'not gzip', 'test.csv': other })
    expect((await load(place)).notes).toEqual([`${place}: not used: train.csv.gz`])
  })

  it('takes the labels of all files without header from the same column', async () => {
    // The first column of the training images is the same everywhere, so the last one holds the labels.
    const last = (cells: readonly (readonly number[])[]) =>
      tableOf(
        cells.map(([label = 0, , ...p]) => [0, ...p, label]),
        null,
      )
    const odd = rows.map((row, i) => [i % 3, i, ...row.slice(2)])
    const place = write({
      'train.csv': last(rows),
      'test.csv': tableOf(
        odd.map(([l = 0, f = 0, ...p]) => [f, ...p, l]),
        null,
      ),
    })
    expect([...(await load(place)).test.labels]).toEqual(rows.map(([label]) => label))
  })

  it('refuses test images of another size', async () => {
    const large = `label,${Array.from({ length: 25 }, (_, i) => `pixel${i}`).join(',')}\n${`1${',0'.repeat(24)},9\n`.repeat(3)}`
    await expect(load(write({ 'train.csv': table, 'test.csv': large }))).rejects.toThrow(
      /test\.csv: its images have 1 x 5 x 5, the training images 1 x 4 x 4/,
    )
  })
})

describe('recognise', () => {
  it.each([
    ['labels of images', 'file,label\na.png,1\nb.png,2\n'],
    ['measurements of flowers', `a,b,c,d,species\n${'5.1,3.5,1.4,0.2,setosa\n'.repeat(3)}`],
    ['boxes', `filename,width,height,class,xmin,ymin,xmax,ymax\n${'a.png,1,2,cat,3,4,5,6\n'.repeat(3)}`],
    [
      'numbers of which no square can be made',
      tableOf(
        rows.map((row) => row.slice(0, 16)),
        names.slice(0, 16),
      ),
    ],
    ['a header alone', `${names.join(',')}\n`],
    ['a packed file that is damaged', gzipSync(table).subarray(0, 40)],
    ['nothing', ''],
  ])('does not take %s for a table of pixels', async (_, content) => {
    await expect(recognise(path.join(write({ 'a.csv': content }), 'a.csv'))).rejects.toThrow(DataError)
  })
})

describe('tables that are refused', () => {
  const row = rows[4] as readonly number[]
  const textRow = row.with(3, 'ab' as unknown as number)
  it.each<[string, string | Uint8Array, RegExp]>([
    [
      'a word for a pixel',
      withRow(4, textRow),
      /^:6:9 {2}is "ab", not a number; pixels are numbers\. Fill it, or leave/,
    ],
    ['an empty cell', withRow(4, row.with(16, '' as unknown as number)), /^:6:48 {2}is empty; pixels are numbers/],
    ['nan', withRow(4, row.with(1, Number.NaN)), /^:6:3 {2}is "NaN", not a number/],
    [
      'a short line',
      withRow(11, row.slice(0, 9)),
      /^:13:1 {2}has 9 cells, but the first line has 17\. Complete the line/,
    ],
    ['a long line', withRow(11, [...row, 1]), /^:13:1 {2}has 18 cells, but the first line has 17/],
    [
      'an empty label',
      withRow(0, ['', ...row.slice(1)]),
      /^:2:1 {2}has an empty label\. Fill it, or leave the row out/,
    ],
    ['a quote that is not closed', withRow(0, ['"a', ...row.slice(1)]), /^:2:1 {2}begins a quote that does not end/],
    ['latin1', Buffer.from(withRow(0, ['é', ...row.slice(1)]), 'latin1'), /^:2:1 {2}is not text in UTF-8/],
    ['UTF-16', Buffer.from(`\ufeff${table}`, 'utf16le'), /^:1:1 {2}is a text in UTF-16\. Save the table as UTF-8/],
    ['half a label', withRow(0, [0.5, ...row.slice(1)]), /^: label 0\.5 is not a whole number/],
    ['an empty file', '', /^: it has no rows\. Give one image a line/],
    ['a header alone', `${names.join(',')}\n`, /^: it has no rows/],
    [
      'images without labels',
      tableOf(
        rows.map((r) => r.slice(1)),
        names.slice(1),
      ),
      /^: it has no labels\. Add a column with the name label/,
    ],
    [
      'the same without header',
      tableOf(
        rows.map((r) => r.slice(1)),
        null,
      ),
      /^: it has no labels/,
    ],
    [
      'pixels in the order of texts',
      `label,${['0', '1', '10', '11', '12', '13', '14', '15', '2', '3', '4', '5', '6', '7', '8', '9'].map((i) => `pixel${i}`)}\n1${',7'.repeat(16)}\n`,
      /^:1:1 {2}its columns are not in the order of their numbers \(pixel2 comes after pixel15\)\. Sort them: table\[sorted/,
    ],
    [
      'two columns of labels',
      tableOf(
        rows.map((r) => [1, ...r]),
        ['class', ...names],
      ),
      /^:1:1 {2}its columns "class" and "label" may each be the label\. Rename/,
    ],
    [
      'pixels that make no square',
      tableOf(
        rows.map((r) => r.slice(0, 14)),
        names.slice(0, 14),
      ),
      /^: its images have 13 pixels, which make no square/,
    ],
    [
      'another table',
      'file,label\na.png,cat\nb.png,dog\n',
      /^:1:1 {2}is no table of pixels \(its first line is file, label\)/,
    ],
    [
      'no labels at either end',
      tableOf(
        rows.map(() => row),
        null,
      ),
      /^: no column is called label, and neither the first nor the last holds 2 to \d+ whole numbers/,
    ],
    [
      'more labels than classes',
      tableOf(Array.from({ length: 70_000 }, (_, i) => [i, ...row.slice(1)])),
      /^:\d+:1 {2}is label number \d+ that differs from all before it/,
    ],
    [
      'standardised pixels',
      tableOf(rows.map((r) => r.map((v, i) => (i === 0 ? v : v / 50 - 2)))),
      /^: its values run from -2 to \d\.\d+, but pixels must be in 0\.\.255 or 0\.\.1/,
    ],
    [
      'a list that is short',
      `emotion,pixels\n0,${'1 '.repeat(16)}\n1,${'1 '.repeat(15)}\n`,
      /^:3:3 {2}has 15 pixels, line 2 has 16\. Complete it/,
    ],
    [
      'a word in a list',
      `emotion,pixels\n0,${'1 '.repeat(16)}\n1,1 2 x ${'1 '.repeat(13)}\n`,
      /^:3:7 {2}is "x", not a number/,
    ],
    [
      'a split without meaning',
      `emotion,pixels,Usage\n0,${'1 '.repeat(16)},Training\n0,${'1 '.repeat(16)},other\n`,
      /^:3:36 {2}is "other", which names no split\. Write train, validation or test/,
    ],
    ['no rows for training', `emotion,pixels,Usage\n0,${'1 '.repeat(16)},Test\n`, /^: it has no rows for training/],
    [
      'a packed file that is cut off',
      gzipSync(table).subarray(0, 60),
      /^: it cannot be read \(unexpected end of file\)/,
    ],
  ])('%s', async (_, content, message) => {
    expect(await failure(content)).toMatch(message)
  })
})
