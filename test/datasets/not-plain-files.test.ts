import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskTree } from '../../src/datasets/file-tree/disk-tree.js'
import { decodeAll } from '../../src/datasets/folders/decode-all.js'
import { cachedImages } from '../../src/datasets/image-cache.js'
import { recognise } from '../../src/datasets/inspect/recognise.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { type DatasetName, rawImagesLoader } from '../../src/datasets/registry.js'
import { readAccuracyTable } from '../../src/evaluators/tabular/accuracy-table.js'
import { FearNasError } from '../../src/platform/errors.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { bytesNpy } from '../support/made-arrays.js'
import { pngFile, writeFiles } from '../support/made-folders.js'
import { writeCifar100 } from '../support/published-data.js'
import { writeMnist } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('not-plain')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
let cases = 0
const place = (): string => path.join(folder, String(cases++))

/** What stands where a file should: reading it waits for ever, never ends, or fails. */
const kinds = {
  'a named pipe': (file: string) => execFileSync('mkfifo', [file]),
  'a folder': (file: string) => mkdirSync(file),
  'a device': (file: string) => execFileSync('ln', ['-s', '/dev/zero', file]),
} as const

const png = pngFile(8, 8, 1, (i) => i)
const wanted = { train: 0, test: 0 }
const load = (name: DatasetName) => (location: string) =>
  rawImagesLoader({ name })({ ...wanted, path: location, settings: {} }, {})

/** A data set in a folder, the file of it that is replaced, and how it is read. */
const inputs: Readonly<Record<string, readonly [(root: string) => string, string, (location: string) => unknown]>> = {
  'an .npz file': [
    (root) => writeFiles(root, { 'a.npz': '' }),
    'a.npz',
    (root) => load('arrays')(path.join(root, 'a.npz')),
  ],
  'a .npy file': [
    (root) => writeFiles(root, { 'images.npy': '', 'labels.npy': bytesNpy(new Uint8Array(2), 2) }),
    'images.npy',
    load('arrays'),
  ],
  'a table of pixels': [
    (root) => writeFiles(root, { 'a.csv': '' }),
    'a.csv',
    (root) => load('arrays')(path.join(root, 'a.csv')),
  ],
  'an image': [
    (root) => writeFiles(root, { 'a/1.png': png, 'a/2.png': png, 'b/1.png': png, 'b/2.png': png }),
    'a/2.png',
    // As if it had become one after the images were listed: else it is passed over.
    async (root) => {
      const files = ['a/1.png', 'a/2.png'].map((name) => ({ file: path.join(root, name), key: name, bytes: 0 }))
      await decodeAll({ root, source: diskTree(root), files, known: null, keep: () => {} }, {}, {})
    },
  ],
  'an IDX file': [writeMnist, 'train-labels-idx1-ubyte.gz', load('mnist')],
  'a file of CIFAR-100': [writeCifar100, 'test.bin', load('cifar100')],
  'an archive': [
    (root) => writeFiles(root, { 'a.tar.gz': '' }),
    'a.tar.gz',
    (root) => load('cifar10')(path.join(root, 'a.tar.gz')),
  ],
  'a file to be recognised': [(root) => writeFiles(root, { x: '' }), 'x', (root) => recognise(path.join(root, 'x'))],
  'a table': [
    (root) => writeFiles(root, { 'a.csv': '' }),
    'a.csv',
    (root) => readAccuracyTable(path.join(root, 'a.csv'), { space: natsTss, partial: true }),
  ],
}

describe.skipIf(process.platform === 'win32')('where a file is expected', () => {
  const both = Object.keys(inputs).flatMap((input) => Object.keys(kinds).map((kind) => [kind, input] as const))
  // A folder is a data set itself, or passed over, where these are.
  const isMeant = ([kind, input]: readonly [string, string]): boolean =>
    kind !== 'a folder' ||
    !['an .npz file', 'a table of pixels', 'an image', 'an archive', 'a file to be recognised'].includes(input)

  it.each(both.filter(isMeant))('%s in place of %s is refused at once', async (kind, input) => {
    const [make, name, read] = inputs[input] as (typeof inputs)[string]
    const location = make(place())
    const file = path.join(location, name)
    rmSync(file)
    kinds[kind as keyof typeof kinds](file)
    const error: unknown = await (async () => read(location))().then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(FearNasError)
    expect((error as FearNasError).message).toContain(`${file} is ${kind}; a plain file is expected here.`)
    expect((error as FearNasError).exitCode).toBe(2)
  })

  it.each(Object.keys(kinds))('%s in place of a cache file is no cache', async (kind) => {
    const file = place()
    kinds[kind as keyof typeof kinds](file)
    const images = { classNames: [] } as unknown as RawImages
    const warnings: string[] = []
    expect(
      await cachedImages(
        file,
        'x',
        async () => images,
        (line) => warnings.push(line),
      ),
    ).toBe(images)
  })
})
