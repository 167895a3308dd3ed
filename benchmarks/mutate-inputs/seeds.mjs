/*
 * Small valid files of every format that is read. A seed is what is mutated, and how a mutant becomes a location: packed,
 * with its checksums mended in most cases (else hardly one gets past them), and with the files that it needs beside it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { pixelCsvSeeds } from './pixel-csv-seeds.mjs'
import { bytes, write } from './seed-files.mjs'

const fixtures = new URL('../../test/datasets/fixtures/', import.meta.url)
const fixture = (name) => readFileSync(new URL(name, fixtures))
const base64 = (text) => Buffer.from(text, 'base64')

const images = JSON.parse(fixture('images.json'))
const arrays = JSON.parse(fixture('arrays.json'))

function npy(descr, shape, data) {
  const text = `${`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117)}\n`
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.length)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text), data])
}

const arrayFiles = {
  images: npy('|u1', [8, 8, 8], bytes(512)),
  floats: npy('<f4', [8, 4, 4], Buffer.from(Float32Array.from({ length: 128 }, (_, i) => i / 128).buffer)),
  labels: npy(
    '|u1',
    [8],
    bytes(8, (i) => i % 2),
  ),
}

function idx(data, ...shape) {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, 8, shape.length])
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, data])
}

function tar(files) {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(`${content.length.toString(8).padStart(11, '0')} `, 124)
    header.write('0', 156)
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

/** Gives the headers that are still found their checksums. */
function mendTar(archive) {
  for (let at = 0; at + 512 <= archive.length; ) {
    const header = archive.subarray(at, at + 512)
    if (header.every((byte) => byte === 0)) return archive
    header.write('        ', 148)
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8)
    if (!Number.isSafeInteger(size) || size < 0) return archive
    at += 512 + Math.ceil(size / 512) * 512
  }
  return archive
}

function mendPng(png) {
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 12 + png.readUInt32BE(at)
    if (end > png.length) return png
    png.writeUInt32BE(crc32(png.subarray(at + 4, end - 4)), end - 4)
    at = end
  }
  return png
}

const pickle = fixture('imagenet16-protocol-2.pickle')
const batches = [...Array.from({ length: 10 }, (_, i) => `train_data_batch_${i + 1}`), 'val_data']
const imagenet = Object.fromEntries(batches.map((name) => [name, pickle]))

const cacheHeader = {
  source: 'seed',
  classNames: ['a', 'b'],
  channels: 1,
  height: 4,
  width: 4,
  trainCount: 4,
  validationCount: 1,
  testCount: 2,
}
function cacheFile() {
  const header = Buffer.from(JSON.stringify(cacheHeader))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const labels = (count) => bytes(count, (i) => i % 2)
  const start = Buffer.concat([Buffer.from('FNIMAGE2'), Buffer.alloc(32), length, header])
  return mendCache(Buffer.concat([start, bytes(64), labels(4), bytes(16), labels(1), bytes(32), labels(2)]))
}
function mendCache(file) {
  if (file.length > 40) createHash('sha256').update(file.subarray(40)).digest().copy(file, 8)
  return file
}

const architecture = (i) => {
  const operations = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3']
  const [a, b] = [operations[i % 5], operations[Math.floor(i / 5) % 5]]
  return `|${a}~0|+|${b}~0|${a}~1|+|${b}~0|${a}~1|${b}~2|`
}
const csv = Buffer.from(
  `arch,accuracy,"se, conds"\n${Array.from({ length: 20 }, (_, i) => `${architecture(i)},${i}.5,${i + 1}`).join('\n')}\n`,
)
const rows = Buffer.from(JSON.stringify({ data: [[...bytes(784)], [], [...bytes(784)]] }))

const image = (file, mend = (mutant) => mutant) => ({
  kind: 'folders',
  bytes: base64(file),
  place: (folder, mutant, mends) =>
    write(folder, {
      'a/1': base64(images['png-grey-8'].file),
      'a/2.png': mends ? mend(mutant) : mutant,
      'b/1.png': base64(images['png-grey-8'].file),
      'b/2.png': base64(images['png-colour-8'].file),
      'a/3.png': base64(images['png-grey-8'].file),
    }),
})
/** The fixtures hold two images, of which none could be set aside for testing. */
const array = (part, count = 8) => ({
  kind: 'arrays',
  bytes: part,
  place: (folder, mutant) => {
    const labels = npy(
      '|u1',
      [count],
      bytes(count, (i) => i % 2),
    )
    const test = count === 2 ? { 'test_images.npy': part, 'test_labels.npy': labels } : {}
    return write(folder, { 'images.npy': mutant, 'labels.npy': labels, ...test })
  },
})
const npz = (level) => ({
  kind: 'arrays',
  bytes: Buffer.from(zipSync({ 'images.npy': arrayFiles.images, 'labels.npy': arrayFiles.labels }, { level })),
  place: (folder, mutant) => path.join(write(folder, { 'my.npz': mutant }), 'my.npz'),
})
const mnist = {
  'train-images-idx3-ubyte': idx(bytes(640), 10, 8, 8),
  'train-labels-idx1-ubyte': idx(
    bytes(10, (i) => i),
    10,
  ),
  't10k-images-idx3-ubyte': idx(bytes(640), 10, 8, 8),
  't10k-labels-idx1-ubyte': idx(
    bytes(10, (i) => i),
    10,
  ),
}

const parquet = JSON.parse(fixture('parquet.json'))
/** Four images of two classes. */
const classFolders = Object.fromEntries(
  ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png'].map((name) => [name, base64(images['png-grey-8'].file)]),
)
const archive = (name, content, pack = (mutant) => mutant) => ({
  kind: 'folders',
  bytes: content,
  place: (folder, mutant, mends) => path.join(write(folder, { [name]: pack(mutant, mends) }), name),
})
const labels = (name, text) => ({
  kind: 'folders',
  bytes: Buffer.from(text),
  place: (folder, mutant) =>
    write(folder, {
      ...Object.fromEntries(Object.values(classFolders).map((file, i) => [`images/${i}.png`, file])),
      [name]: mutant,
    }),
})

/** By name: what is mutated, how a mutant is put into a folder (its location is returned), and as what it is read. */
export const seeds = {
  ...Object.fromEntries(
    Object.entries(images).map(([name, { file }]) => [name, image(file, name.startsWith('png') ? mendPng : undefined)]),
  ),
  'npy-bytes': array(arrayFiles.images),
  'npy-floats': array(arrayFiles.floats),
  'npy-fortran': array(base64(Object.values(arrays.fortran)[0]), 2),
  'npy-version-2': array(base64(arrays.versions['2']), 2),
  'npy-version-3': array(base64(arrays.versions['3']), 2),
  'npz-stored': npz(0),
  'npz-deflated': npz(6),
  'npz-content': {
    kind: 'arrays',
    bytes: arrayFiles.images,
    place: (folder, mutant) =>
      path.join(
        write(folder, { 'my.npz': zipSync({ 'images.npy': mutant, 'labels.npy': arrayFiles.labels }) }),
        'my.npz',
      ),
  },
  idx: {
    kind: 'mnist',
    bytes: mnist['train-images-idx3-ubyte'],
    place: (folder, mutant) => write(folder, { ...mnist, 'train-images-idx3-ubyte': mutant }),
  },
  'idx-packed': {
    kind: 'mnist',
    bytes: mnist['train-images-idx3-ubyte'],
    place: (folder, mutant, mends) =>
      write(folder, { ...mnist, 'train-images-idx3-ubyte': mends ? gzipSync(mutant) : mutant }),
  },
  'idx-gzip': {
    kind: 'mnist',
    bytes: gzipSync(mnist['train-images-idx3-ubyte']),
    place: (folder, mutant) => write(folder, { ...mnist, 'train-images-idx3-ubyte': mutant }),
  },
  ...Object.fromEntries(
    [2, 3, 4, 5].map((protocol) => [
      `pickle-${protocol}`,
      {
        kind: 'imagenet16-120',
        bytes: fixture(`imagenet16-protocol-${protocol}.pickle`),
        place: (folder, mutant) => write(path.join(folder, 'ImageNet16'), { ...imagenet, train_data_batch_1: mutant }),
      },
    ]),
  ),
  'tar-packed': {
    kind: 'imagenet16-120',
    bytes: tar(imagenet),
    place: (folder, mutant, mends) =>
      path.join(write(folder, { 'a.tar.gz': gzipSync(mends ? mendTar(mutant) : mutant) }), 'a.tar.gz'),
  },
  'tar-gzip': {
    kind: 'imagenet16-120',
    bytes: gzipSync(mendTar(tar(imagenet))),
    place: (folder, mutant) => path.join(write(folder, { 'a.tar.gz': mutant }), 'a.tar.gz'),
  },
  recognise: {
    kind: 'recognise',
    bytes: gzipSync(mendTar(tar({ x: bytes(100), train_data_batch_1: bytes(10) }))),
    place: (folder, mutant) => path.join(write(folder, { 'a.tar.gz': mutant }), 'a.tar.gz'),
  },
  'folders-zip-stored': archive('a.zip', Buffer.from(zipSync(classFolders, { level: 0 }))),
  'folders-zip-deflated': archive('a.zip', Buffer.from(zipSync(classFolders))),
  'folders-tar': archive('a.tar', mendTar(tar(classFolders)), (mutant, mends) => (mends ? mendTar(mutant) : mutant)),
  'folders-tar-packed': archive('a.tgz', tar(classFolders), (mutant, mends) =>
    gzipSync(mends ? mendTar(mutant) : mutant),
  ),
  'folders-tar-gzip': archive('a.tgz', gzipSync(mendTar(tar(classFolders)))),
  'labels-csv': labels('labels.csv', 'file,label\n0.png,a\n1.png,"b"\n2.png,a\n3.png,b\n'),
  'labels-jsonl': labels(
    'images/metadata.jsonl',
    [0, 1, 2, 3].map((i) => `${JSON.stringify({ file_name: `${i}.png`, label: i % 2 })}\n`).join(''),
  ),
  ...Object.fromEntries(
    ['none', 'gzip', 'zstd', 'brotli', 'lz4', 'plain', 'train-00000-of-00002'].map((name) => [
      `parquet-${name}`,
      { ...archive('a.parquet', base64(parquet[`${name}.parquet`])), kind: 'parquet' },
    ]),
  ),
  cache: {
    kind: 'cache',
    bytes: cacheFile(),
    place: (folder, mutant, mends) =>
      path.join(write(folder, { 'c.bin': mends ? mendCache(mutant) : mutant }), 'c.bin'),
  },
  csv: {
    kind: 'csv',
    bytes: csv,
    place: (folder, mutant) => path.join(write(folder, { 'a.csv': mutant }), 'a.csv'),
  },
  ...pixelCsvSeeds,
  'pixel-rows': {
    kind: 'pixel-rows',
    bytes: rows,
    place: (folder, mutant) => path.join(write(folder, { '0.json': mutant }), '0.json'),
  },
}
