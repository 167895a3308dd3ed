import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describeDataset } from '../../src/conformance/dataset/describe-dataset.js'
import { bytesNpy, stripedImages } from '../support/made-arrays.js'
import { classFolders, pngFile, writeFiles } from '../support/made-folders.js'
import { parquetFixture } from '../support/parquet-fixtures.js'
import { writeImagenet16 } from '../support/published-data.js'
import { writeMnist } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('conformance')
const at = (name: string): string => path.join(folder, name)
process.env.FEAR_NAS_CACHE = at('cache')

/** Two files of the same arrays, but for one pixel of a training image. Not square, so that axes cannot be mistaken. */
function arrays(channels: number, ending: string) {
  const { pixels, labels } = stripedImages(60, 3, channels, 12, 8)
  const write = (name: string): string => {
    const file = at(`${name}-${ending}.npz`)
    const shape = channels === 1 ? [60, 12, 8] : [60, channels, 12, 8]
    writeFileSync(file, zipSync({ 'images.npy': bytesNpy(pixels, ...shape), 'labels.npy': bytesNpy(labels, 60) }))
    return file
  }
  const before = write('before')
  pixels[100] = (pixels[100] as number) ^ 1
  return { before, after: write('after') }
}

const grey = arrays(1, 'grey')
describeDataset(
  { name: 'arrays', path: grey.before, size: null },
  { changed: { name: 'arrays', path: grey.after, size: null } },
)
const colour = arrays(3, 'colour')
describeDataset(
  { name: 'arrays', path: colour.before, size: null },
  { changed: { name: 'arrays', path: colour.after, size: null } },
)

const pictures = writeFiles(at('pictures'), classFolders(['a', 'b', 'c'], 10))
const others = writeFiles(at('others'), {
  ...classFolders(['a', 'b', 'c'], 10),
  'b/004.png': pngFile(8, 8, 1, (i) => 255 - i),
})
describeDataset(
  { name: 'folders', path: pictures, size: null },
  { changed: { name: 'folders', path: others, size: null } },
)
describeDataset({ name: 'folders', path: pictures, size: 16, channels: 3 })

const parquet = writeFiles(at('parquet'), { 'train.parquet': parquetFixture('none.parquet') })
describeDataset({ name: 'parquet', path: parquet, size: null })

const mnist = writeMnist(at('mnist'), false)
const another = writeMnist(at('another'), false)
const images = path.join(another, 'train-images-idx3-ubyte')
const bytes = readFileSync(images)
bytes[5000] = (bytes[5000] as number) ^ 1
writeFileSync(images, bytes)
describeDataset({ name: 'mnist', path: mnist, size: null }, { changed: { name: 'mnist', path: another, size: null } })
describeDataset({ name: 'fashion-mnist', path: mnist, size: null })

describeDataset({ name: 'imagenet16-120', path: writeImagenet16(at('ImageNet16')), size: null })
