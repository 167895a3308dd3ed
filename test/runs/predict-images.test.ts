import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { encode } from 'fast-png'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { ConfigError, DataError, RunDirectoryError } from '../../src/platform/errors.js'
import { csvLine, predictionCsv, predictionCsvHead } from '../../src/reports/prediction-csv.js'
import { labelledText, predictionLine } from '../../src/reports/prediction-text.js'
import { imagesIn } from '../../src/results/network-metrics.js'
import { type ImageResult, labelledResult } from '../../src/results/predictions.js'
import { exportNetwork } from '../../src/runs/export-network.js'
import { loadNetwork } from '../../src/runs/load-network.js'
import { predictImages } from '../../src/runs/predict-images.js'
import type { RunInput } from '../../src/runs/run-options.js'
import { search } from '../../src/runs/search.js'
import { pngFile } from '../support/made-folders.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('predict')
const photos = path.join(folder, 'photos')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
const run = path.join(folder, 'mine')

/** Colour images of 20x20, some lighter, of two classes that are easily told apart. */
function writePhotos(): void {
  for (const [split, count] of [
    ['train', 24],
    ['test', 7],
  ] as const) {
    for (const [label, name] of ['cat', 'dog'].entries()) {
      mkdirSync(path.join(photos, split, name), { recursive: true })
      for (let i = 0; i < count; i++) {
        const file = path.join(photos, split, name, `${i}.png`)
        writeFileSync(
          file,
          pngFile(20, 20, 3, (at) => ((at * (label + 3) + 31 * i + label) % 97) + 5 * i),
        )
      }
    }
  }
}

const config = {
  data: { name: 'folders', path: photos, size: 8, validation: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 2, batch: 8 },
  evaluator: { name: 'short-training', epochs: 1, batch: 8 },
  budget: { trials: 1 },
  finalists: 1,
  workers: 1,
  isolation: 'none',
  seed: 3,
} as const satisfies RunInput

let testAccuracy: number | null

beforeAll(async () => {
  writePhotos()
  testAccuracy = (await search(config, { directory: run })).best.testAccuracy
}, 120_000)

describe('predictImages', () => {
  it('sees in the files what training saw: the same probabilities, and the accuracy of the run', async () => {
    const { images, labelled, classNames } = await predictImages(run, [path.join(photos, 'test')])
    const { test } = await loadDataset({ ...config.data, train: 0, test: 0, seed: 3 })
    const model = await loadNetwork(path.join(run, 'best-short-training.bin'))
    const expected = model.predict(test.pixels).map(({ label, probabilities }) => `${label} ${probabilities.join()}`)
    model.dispose()
    const found = images.map(
      ({ className, probabilities }) => `${classNames.indexOf(className ?? '')} ${probabilities?.join()}`,
    )
    expect(found.toSorted()).toEqual(expected.toSorted())
    expect(labelled).toMatchObject({ images: 14, accuracy: testAccuracy })
    expect(labelled?.confusion.reduce((sum, row) => sum + imagesIn(row), 0)).toBe(14)
    expect(
      images.every(
        ({ trueClass, image }) => trueClass !== null && image.includes(`${path.sep}${trueClass}${path.sep}`),
      ),
    ).toBe(true)
  })

  it('takes files and folders, tells of each in order, and labels those below a class', async () => {
    const one = path.join(photos, 'test', 'dog', '3.png')
    const told: string[] = []
    const { images } = await predictImages(run, [one, path.join(photos, 'test', 'cat')], {
      onImage: ({ image }) => told.push(image),
    })
    expect(images.map(({ image }) => image)).toEqual(told)
    expect(images.map(({ trueClass }) => trueClass)).toEqual([null, ...new Array(7).fill('cat')])
    expect(images[0]?.image).toBe(one)
  })

  it('loses only the image that cannot be read', async () => {
    const mixed = path.join(folder, 'mixed')
    mkdirSync(mixed)
    writeFileSync(path.join(mixed, 'a.png'), 'no image')
    writeFileSync(
      path.join(mixed, 'b.png'),
      encode({ width: 30, height: 9, channels: 1, data: new Uint8Array(270).fill(7) }),
    )
    writeFileSync(path.join(mixed, 'list.txt'), 'x')
    const warnings: string[] = []
    const { images, labelled } = await predictImages(run, [mixed, path.join(photos, 'test', 'cat', '0.png')], {
      onWarning: (text) => warnings.push(text),
    })
    expect(images.map(({ error, className }) => [error, className !== null])).toEqual([
      ['it is not a known image format', false],
      [null, true],
      [null, true],
    ])
    expect(labelled).toBeNull()
    expect(warnings).toEqual([`1 file that is no image and is skipped: ${path.join(mixed, 'list.txt')}`])
  })

  it('says which folders are no classes, and classifies their images', async () => {
    const holiday = path.join(folder, 'album', 'holiday')
    mkdirSync(holiday, { recursive: true })
    writeFileSync(
      path.join(holiday, 'a.png'),
      pngFile(8, 8, 3, (i) => i),
    )
    const warnings: string[] = []
    const { images, labelled } = await predictImages(run, [`${path.dirname(holiday)}${path.sep}`], {
      onWarning: (text) => warnings.push(text),
    })
    expect(images).toMatchObject([{ trueClass: null, error: null }])
    expect(labelled).toBeNull()
    expect(warnings).toEqual([
      '1 folder not named like a class of the network, so the classes of the images there are not known: ' +
        `${holiday}. Its classes: cat, dog`,
    ])
  })

  it('refuses paths and models that cannot be meant, before any work', async () => {
    await expect(predictImages(run, [path.join(folder, 'nowhere')])).rejects.toThrow(
      new DataError(`${path.join(folder, 'nowhere')}: it does not exist. Check the path.`),
    )
    const empty = path.join(folder, 'empty')
    mkdirSync(empty)
    await expect(predictImages(run, [empty])).rejects.toThrow(`${empty}: no images there (PNG, JPEG,`)
    await expect(predictImages(run, [])).rejects.toThrow(ConfigError)
    const arrays = path.join(folder, 'images.npy')
    writeFileSync(arrays, 'NUMPY')
    await expect(predictImages(run, [arrays])).rejects.toThrow(`${arrays}: no images there (PNG, JPEG,`)
    await expect(predictImages(photos, [photos])).rejects.toThrow(RunDirectoryError)
    const { directory } = await exportNetwork(run, { format: 'json' })
    await expect(predictImages(directory, [photos])).rejects.toThrow(
      `${directory} is an export for other programs. Name the run, or the network file that it came from.`,
    )
  })
})

const result: ImageResult = {
  image: 'a "b", c.png',
  className: 'x',
  probability: 0.75,
  probabilities: [0.25, 0.75],
  trueClass: 'o',
  error: null,
}

describe('the text of predictions', () => {
  it('has the most probable classes, and the true one where that is another', () => {
    expect(predictionLine(result, ['o', 'x'], 2)).toBe('a "b", c.png: x 75.0 %, o 25.0 % (wrong: it is o)')
    expect(predictionLine({ ...result, trueClass: null }, ['o', 'x'], 1)).toBe('a "b", c.png: x 75.0 %')
    const equal = { ...result, probabilities: [0.5, 0.5], trueClass: null }
    expect(predictionLine(equal, ['o', 'x'], 1)).toBe('a "b", c.png: x 50.0 %')
  })

  it('is one line, whatever the name of the file', () => {
    const forged = { ...result, image: 'a\nb.png: o 99.0 %\x1b[2K', trueClass: null }
    expect(predictionLine(forged, ['o', 'x'], 1)).toBe('a\\nb.png: o 99.0 %\\x1b[2K: x 75.0 %')
    expect(predictionLine({ ...forged, error: 'bad' }, ['o', 'x'], 1)).toBe('a\\nb.png: o 99.0 %\\x1b[2K: bad')
  })

  it('sums up many classes by the most frequent confusions', () => {
    const names = Array.from({ length: 13 }, (_, i) => `c${i}`)
    const confusion = names.map((_, i) => names.map((_, j) => (i === j ? 2 : i === 4 && j === 7 ? 3 : 0)))
    const text = labelledText(
      {
        images: 29,
        right: 26,
        accuracy: 26 / 29,
        confusion,
        accuracyByClass: names.map((_, i) => (i === 4 ? 0.4 : 1)),
      },
      names,
    )
    expect(text).toContain('26 of 29 right: 89.66 %')
    expect(text).toContain('most frequent confusions:\n  c4 as c7: 3')
  })

  it('lists the least accurate of very many classes, and says so', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `c${i}`)
    // Two images of each class; one of c300 and both of c400 are taken for c999.
    const results = names.flatMap((name, i): ImageResult[] =>
      [0, 1].map((image) => {
        const className = i === 400 || (i === 300 && image === 0) ? 'c999' : name
        return { ...result, className, trueClass: name, error: null }
      }),
    )
    const labelled = labelledResult(results, names)
    if (labelled === null) expect.fail('classes are known')
    expect(labelled).toMatchObject({ images: 2000, right: 1997 })
    expect(labelled.confusion[300]).toEqual({ 300: 1, 999: 1 })
    expect(labelled.accuracyByClass.slice(300, 302)).toEqual([0.5, 1])
    const lines = labelledText(labelled, names).split('\n')
    const rows = lines.flatMap((line) => /\b(c\d+)\b.* 2 .*%/.exec(line)?.[1] ?? [])
    expect(rows).toHaveLength(20)
    expect(rows.slice(0, 2)).toEqual(['c400', 'c300'])
    expect(lines).toContain('These are the 20 classes with the lowest accuracy, of 1000; --json has all.')
    expect(lines.slice(-2)).toEqual(['  c400 as c999: 2', '  c300 as c999: 1'])
  })

  it('is CSV that a reader understands, whatever the names', () => {
    const csv = predictionCsvHead(2) + predictionCsv(result, ['o', 'x'], 2)
    expect(parse(csv, { columns: true })).toEqual([
      {
        image: 'a "b", c.png',
        class: 'x',
        probability: '0.75',
        class2: 'o',
        probability2: '0.25',
        true_class: 'o',
        error: '',
      },
    ])
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2 }), (fields) => {
        expect(parse(csvLine(fields))).toEqual([fields])
      }),
    )
  })
})
