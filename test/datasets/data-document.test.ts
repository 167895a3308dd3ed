import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../../src/config/schema/config.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { datasetNames } from '../../src/datasets/registry.js'
import { bytesNpy, stripedImages } from '../support/made-arrays.js'
import { classFolders, pngFile, writeFiles } from '../support/made-folders.js'
import { parquetFixture } from '../support/parquet-fixtures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const text = readFileSync('docs/data.md', 'utf8')
const folder = temporaryFolder('data-document')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')

/** The `data:` of every YAML block. */
const examples = [...text.matchAll(/```yaml\n(data:[\s\S]*?)```/g)].map(
  ([, yaml]) => configSchema.parse({ ...parse(yaml as string), budget: { trials: 1 } }).data,
)

describe('docs/data.md', () => {
  it('names every data set', () => {
    for (const name of datasetNames) expect(text).toContain(`| \`${name}\` |`)
  })

  it('shows settings of each kind of file', () => {
    expect(examples.map(({ name }) => name)).toEqual(['cifar10', 'arrays', 'arrays', 'folders', 'folders', 'parquet'])
  })

  it('has examples for files of one’s own that work as they stand', async () => {
    const { pixels, labels } = stripedImages(400, 5, 3, 8, 8)
    const arrays = { 'images.npy': bytesNpy(pixels, 400, 3, 8, 8), 'labels.npy': bytesNpy(labels, 400) }
    writeFileSync(path.join(folder, 'my.npz'), zipSync(arrays))
    const csv = Array.from({ length: 10_000 }, (_, i) => `${i % 10},${i % 256},1,${i >> 8},255\n`)
    writeFileSync(path.join(folder, 'mnist_train.csv'), `label,pixel0,pixel1,pixel2,pixel3\n${csv.join('')}`)
    const large = { 'cats/large.png': pngFile(40, 20, 3, (i) => i % 256) }
    writeFiles(path.join(folder, 'pictures'), { ...classFolders(['cats', 'dogs'], 80), ...large })
    const dogs = Object.entries(classFolders(['boston_bull', 'dingo'], 20)).map(([name, bytes]) => {
      const [breed = '', file = ''] = name.split('/')
      return {
        id: `${breed[0]}${file}`,
        bytes,
        row: `${breed[0]}${file},${breed},${file < '015' ? 'train' : 'test'}\n`,
      }
    })
    writeFiles(path.join(folder, 'dogs'), {
      ...Object.fromEntries(dogs.map(({ id, bytes }) => [`images/${id}`, bytes])),
      'labels.csv': `id,breed,part\n${dogs.map(({ row }) => row).join('')}`,
    })
    writeFiles(path.join(folder, 'cifar100'), { 'train.parquet': parquetFixture('two-labels.parquet') })
    const own = examples.filter(({ name }) => name !== 'cifar10')
    const counts: number[][] = []
    for (const data of own) {
      // The Parquet file here has twelve images.
      const most = data.name === 'parquet' ? 4 : Infinity
      const dataset = await loadDataset({
        ...data,
        validation: Math.min(data.validation, most),
        path: path.join(folder, data.path ?? ''),
        seed: 1,
      })
      counts.push([dataset.channels, dataset.height, dataset.validation.count, dataset.test.count])
    }
    expect(counts).toEqual([
      [3, 8, 100, 80],
      [1, 2, 5000, 2000],
      [3, 32, 100, 32],
      [1, 32, 20, 10],
      [3, 32, 4, 2],
    ])
  })
})
