import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as hostile from '../support/hostile-files.js'
import { npyFile } from '../support/made-arrays.js'
import { jpegFile, pngFile, writeFiles } from '../support/made-folders.js'
import { writeImagenet16 } from '../support/published-data.js'
import { idxFile, writeMnist } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('limits')
const GiB = 2 ** 30
const program = path.join(import.meta.dirname, '../../benchmarks/mutate-inputs/read-input.mjs')

interface Reading {
  readonly outcome: string
  readonly message: string
  readonly seconds: number
  readonly peakMB: number
}

/** Reads a data set in a process of its own, as a run would. */
async function read(kind: string, location: string): Promise<Reading> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, kind, location])
  return JSON.parse(stdout) as Reading
}

let cases = 0
const write = (files: Readonly<Record<string, Uint8Array | string>>): string =>
  writeFiles(path.join(folder, String(cases++), 'data'), files)

/** Class folders in which one image is this one. */
const withImage = (bytes: Uint8Array, name = 'bad.png'): string => {
  const good = pngFile(8, 8, 1, (i) => i)
  return write({ 'a/1.png': good, [`a/${name}`]: bytes, 'b/1.png': good, 'b/2.png': good })
}

const withMnist = (name: string, bytes: Uint8Array): string => {
  const location = path.join(folder, String(cases++), 'data')
  return writeFiles(writeMnist(location), { [name]: bytes })
}

const pixelHeader = 'label,a1,a2,a3,a4\n'

const npyHeader = (text: string): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.length)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text, 'latin1')])
}

/** 50,000 times an object that is remembered, and given a state: what remembers it must not be looked for each time. */
function manyMemos(): Buffer {
  const uint = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    return bytes
  }
  const make = Buffer.from('cnumpy\ndtype\nU\x02u1\x85R', 'latin1')
  const state = Buffer.from('(K\x03U\x01|tb0', 'latin1').subarray(0, -1)
  const memos = Array.from({ length: 50_000 }, (_, i) => Buffer.concat([Buffer.from('r'), uint(i)]))
  const builds = new Array<Buffer>(15_000).fill(state)
  return Buffer.concat([Buffer.from('\x80\x02', 'latin1'), make, ...memos, ...builds, Buffer.from('.')])
}

const withImagenet = (bytes: Uint8Array): string => {
  const location = writeImagenet16(path.join(folder, String(cases++), 'ImageNet16'))
  return writeFiles(location, { train_data_batch_3: bytes })
}

const withArchive = (bytes: Uint8Array): string =>
  path.join(write({ 'cifar-10-binary.tar.gz': bytes }), 'cifar-10-binary.tar.gz')

/** A grey progressive JPEG of 2000x2000 that has its brightness once, and then says a thousand times that no more comes. */
function manyScans(): Buffer {
  const blocks = 250 * 250
  const none = Buffer.alloc(Math.ceil((blocks / 2 ** 14) * 2) + 1)
  const refine = new Array<Buffer>(1000).fill(hostile.jpegScan(1, 63, 0x10, none))
  return hostile.jpegOf(2000, 2000, true, [hostile.jpegScan(0, 0, 0, Buffer.alloc(Math.ceil(blocks / 8))), ...refine])
}

describe('small inputs that would cost much', () => {
  it.each<[string, string, () => string, RegExp]>([
    [
      'a .npy header of 60,000 blanks',
      'arrays',
      () => write({ 'images.npy': npyHeader(`{'descr': '|u1',${' '.repeat(60_000)}`), 'labels.npy': '' }),
      /images\.npy: its header has 60016 bytes, and at most 10000 are read/,
    ],
    [
      'a pickle with 50,000 memos',
      'imagenet16-120',
      () => withImagenet(manyMemos()),
      /train_data_batch_3 in .*: it does not contain a dictionary/,
    ],
    [
      'a pickle of empty dictionaries',
      'imagenet16-120',
      () => withImagenet(Buffer.from(`\x80\x02${'}'.repeat(1_500_000)}.`, 'latin1')),
      /train_data_batch_3 in .*it has more than 100000 lists, dictionaries and tuples, the most that are read/,
    ],
    [
      'a JPEG that claims 9000x9000',
      'folders',
      () => withImage(hostile.jpegOf(9000, 9000, false, [hostile.jpegScan(0, 63, 0, Buffer.alloc(1000))])),
      /bad\.png: it has 9000 x 9000 pixels, and the limit is 50000000: make it smaller/,
    ],
    [
      'a JPEG that claims just as much as may be',
      'folders',
      () => withImage(hostile.jpegOf(7000, 7000, false, [hostile.jpegScan(0, 63, 0, Buffer.alloc(1000))])),
      /bad\.png: it is a damaged JPEG image \((VipsJpeg: Corrupt JPEG data: premature end of data segment|its data are damaged)\)/,
    ],
    [
      'a progressive JPEG of a thousand scans',
      'folders',
      () => withImage(manyScans()),
      /bad\.png: it is a damaged JPEG image \((VipsJpeg: |its data are damaged)/,
    ],
    [
      'a PNG that claims 100,000x100,000',
      'folders',
      () => withImage(hostile.pngOf({ width: 100_000, height: 100_000 }, hostile.greyData(8, 8))),
      /bad\.png: it has 100000 x 100000 pixels, and the limit is 50000000: make it smaller/,
    ],
    [
      'an image file that is too long',
      'folders',
      () => withImage(Buffer.alloc(2 ** 27 + 1)),
      /bad\.png has 134217729 bytes, more than the limit of 134217728\./,
    ],
    [
      'an IDX file of 3 MB that claims 3 GiB and has them',
      'mnist',
      () =>
        withMnist('train-images-idx3-ubyte.gz', hostile.gzipZeros(idxFile(Buffer.of(), 3 * 2 ** 20, 32, 32), 3 * GiB)),
      /train-images-idx3-ubyte\.gz: its \d+ bytes unpack to 3221225488 or more, and at most \d+ are unpacked/,
    ],
    [
      'an IDX file that goes on for 3 GiB after its end',
      'mnist',
      () => withMnist('train-images-idx3-ubyte.gz', hostile.gzipZeros(idxFile(Buffer.of(), 200, 8, 8), 3 * GiB)),
      /train-images-idx3-ubyte\.gz: 200 x 8 x 8 bytes are declared, but more follow/,
    ],
    [
      'an IDX file that claims 4 GiB in each axis',
      'mnist',
      () =>
        withMnist(
          'train-images-idx3-ubyte.gz',
          gzipSync(idxFile(Buffer.alloc(9), 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1)),
        ),
      /train-images-idx3-ubyte\.gz: its \d+ bytes unpack to \d.* or more, and at most 134217728 are unpacked/,
    ],
    [
      'a .tar.gz with a file of 3 GiB',
      'cifar10',
      () => withArchive(hostile.gzipZeros(hostile.tarHeader('data_batch_1.bin', 3 * GiB), 3 * GiB)),
      /cifar-10-binary\.tar\.gz .*data_batch_1\.bin in it has 3221225472 bytes, and at most 30730000 are read/,
    ],
    [
      'a .tar.gz with 3 GiB of another file',
      'cifar10',
      () => withArchive(hostile.gzipZeros(hostile.tarHeader('readme', 3 * GiB), 3 * GiB)),
      /cifar-10-binary\.tar\.gz .*its \d+ bytes unpack to \d+ or more, and at most \d+ are unpacked/,
    ],
    [
      'a .tar.gz of headers without an end',
      'cifar10',
      () => withArchive(gzipSync(Buffer.concat(new Array<Buffer>(12_000).fill(hostile.tarHeader('x', 0))))),
      /cifar-10-binary\.tar\.gz .*it has more than 10000 entries/,
    ],
    [
      'a .csv.gz of 140 MiB of blank lines',
      'arrays',
      () =>
        path.join(
          write({ 'a.csv.gz': gzipSync(Buffer.concat([Buffer.from(pixelHeader), Buffer.alloc(140 * 2 ** 20, '\n')])) }),
          'a.csv.gz',
        ),
      /a\.csv\.gz: it cannot be read \(its \d+ bytes unpack to \d+ or more, and at most 134217728 are unpacked/,
    ],
    [
      'a table of pixels with a line of 100 MB',
      'arrays',
      () => path.join(write({ 'a.csv': `${pixelHeader}${'0'.repeat(100_000_000)}\n` }), 'a.csv'),
      /a\.csv:2:1 {2}is a line of more than 16777216 bytes, the most that are read\. Write one image a line\./,
    ],
    [
      'a table of pixels with four million columns',
      'arrays',
      () => path.join(write({ 'a.csv': `${'0,'.repeat(4_000_000)}0\n1\n` }), 'a.csv'),
      /a\.csv:1:\d+ {2}is in a line of more than 1100000 cells, the most that are read/,
    ],
    [
      'a table of a million columns',
      'csv',
      () => path.join(write({ 'a.csv': `arch${',a'.repeat(500_000)}\n` }), 'a.csv'),
      /a\.csv:1:1 {2}has 500001 columns, more than the limit of 2000\./,
    ],
  ])('%s', async (_, kind, make, message) => {
    const reading = await read(kind, make())
    expect(reading.message).toMatch(message)
    expect(reading.outcome).toBe('refused')
    expect(reading.peakMB).toBeLessThan(500)
    expect(reading.seconds).toBeLessThan(5)
  })

  it('3 GiB in an .npz of 3 MB, beside labels', async () => {
    // The archive's only entry is taken for images and labels by two names in its directory.
    const packed = hostile.packedZeros(3 * GiB)
    const images = hostile.zipOf('images.npy', packed, 3 * GiB)
    const labels = hostile.zipOf('labels.npy', packed, 3 * GiB)
    const entryBytes = 46 + 'images.npy'.length
    const directory = (zip: Buffer): Buffer => zip.subarray(zip.length - 22 - entryBytes, zip.length - 22)
    const end = Buffer.from(images.subarray(images.length - 22))
    end.writeUInt16LE(2, 10)
    end.writeUInt32LE(2 * entryBytes, 12)
    const both = Buffer.concat([images.subarray(0, images.length - 22), directory(labels), end])
    const reading = await read('arrays', path.join(write({ 'my.npz': both }), 'my.npz'))
    expect(reading.message).toMatch(
      /my\.npz: images: its \d+ bytes unpack to 3221225472 or more, and at most \d+ are unpacked/,
    )
    expect(reading.outcome).toBe('refused')
    expect(reading.peakMB).toBeLessThan(500)
    expect(reading.seconds).toBeLessThan(5)
  })

  it('a PNG with 1 GiB of colour profile, which decides no pixel, is read without it', async () => {
    const profile = hostile.pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), hostile.zlibZeros(GiB)]))
    const reading = await read(
      'folders',
      withImage(hostile.pngOf({ width: 8, height: 8 }, profile, hostile.greyData(8, 8))),
    )
    expect(reading).toMatchObject({ outcome: 'read', message: '' })
    expect(reading.peakMB).toBeLessThan(500)
    expect(reading.seconds).toBeLessThan(5)
  })

  it('few bytes that decode to many images are refused, unless they are resized', async () => {
    const png = hostile.pngOf(
      { width: 4000, height: 4000, depth: 1 },
      hostile.pngChunk('IDAT', deflateSync(Buffer.alloc(4000 * 501))),
    )
    const location = write(
      Object.fromEntries(['a', 'b'].flatMap((name) => Array.from({ length: 6 }, (_, i) => [`${name}/${i}.png`, png]))),
    )
    const { loadFolders } = await import('../../src/datasets/folders/load-folders.js')
    process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
    await expect(loadFolders(location, {}, {})).rejects.toThrow(
      /\d+ bytes of its images decode to 192000000, and at most 134217728 are kept, or 100 times their files\. Set data\.size/,
    )
    const few = write({ 'a/1.png': png, 'a/2.png': png, 'b/1.png': png, 'b/2.png': png })
    expect((await loadFolders(few, {}, { size: 8 })).train.count).toBe(2)
  })

  it('a PNG of 8x8 with 2 GiB of image data is read up to its end', async () => {
    const data = hostile.pngChunk('IDAT', hostile.zlibZeros(2 * GiB))
    const reading = await read('folders', withImage(hostile.pngOf({ width: 8, height: 8 }, data)))
    expect(reading.outcome).toBe('read')
    expect(reading.peakMB).toBeLessThan(500)
    expect(reading.seconds).toBeLessThan(5)
  })

  it('a photo of 12 megapixels is read', async () => {
    const location = withImage(await jpegFile(4000, 3000, 77), 'photo.jpg')
    const reading = await read('folders', location)
    expect(reading).toMatchObject({ outcome: 'read', message: '' })
    expect(reading.peakMB).toBeLessThan(500)
  })

  it('an array of more than 128 MiB is read if it is not packed', async () => {
    const images = npyFile(new Uint8Array(2200 * 64 * 1024), { descr: '|u1', shape: [2200, 256, 256] })
    const labels = npyFile(
      Uint8Array.from({ length: 2200 }, (_, i) => i % 2),
      { descr: '|u1', shape: [2200] },
    )
    expect(await read('arrays', write({ 'images.npy': images, 'labels.npy': labels }))).toMatchObject({
      outcome: 'read',
    })
  })
})
