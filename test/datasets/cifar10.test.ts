import { createReadStream, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadCifar10 } from '../../src/datasets/cifar10.js'
import { classCounts } from '../../src/datasets/class-balance.js'
import { channelStatistics } from '../../src/datasets/normalisation.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { readTar } from '../../src/datasets/tar.js'
import { UnpackingBudget } from '../../src/datasets/unpack.js'
import { ConfigError, DataError } from '../../src/platform/errors.js'
import { announceSkip, sharedData } from '../support/shared-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const archiveName = 'cifar-10-binary.tar.gz'
const archive = sharedData(archiveName)
if (archive === null) announceSkip(archiveName, 'the reader of CIFAR-10')

const folder = temporaryFolder('cifar10')
const unpacked = path.join(folder, 'cifar-10-batches-bin')

const names = ['batches.meta.txt', ...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), 'test_batch.bin']

/** A folder like the unpacked one, with one file replaced by `content`, or absent. */
function tampered(label: string, replaced: string, content: Uint8Array | string | null): string {
  const copy = path.join(folder, label)
  mkdirSync(copy)
  for (const name of names) {
    if (name !== replaced) symlinkSync(path.join(unpacked, name), path.join(copy, name))
    else if (content !== null) writeFileSync(path.join(copy, name), content)
  }
  return copy
}

describe('CIFAR-10 without data', () => {
  it('asks for data.path', async () => {
    await expect(loadCifar10(undefined, {})).rejects.toThrow(ConfigError)
    await expect(loadCifar10(undefined, {})).rejects.toThrow('cifar10 needs data.path. Give the archive')
  })

  it('names a path that does not exist', async () => {
    const nowhere = path.join(folder, 'nowhere')
    await expect(loadCifar10(nowhere, {})).rejects.toThrow(DataError)
    await expect(loadCifar10(nowhere, {})).rejects.toThrow(`${nowhere} does not exist`)
  })

  it('names the file that an empty folder lacks', async () => {
    await expect(loadCifar10(folder, {})).rejects.toThrow(`${path.join(folder, 'batches.meta.txt')} is not there`)
  })

  it('refuses a file that is no archive', async () => {
    const text = path.join(folder, 'notes.txt')
    writeFileSync(text, 'no archive')
    await expect(loadCifar10(text, {})).rejects.toThrow(
      /cannot be read as a .tar.gz archive \(incorrect header check\)/,
    )
  })
})

describe.skipIf(archive === null)('CIFAR-10', () => {
  const location = archive ?? ''
  const progress: number[] = []
  let images: RawImages

  beforeAll(async () => {
    images = await loadCifar10(location, { onProgress: (fraction) => progress.push(fraction) })
    mkdirSync(unpacked)
    const options = { wants: () => true, mostFileBytes: 1e9, budget: new UnpackingBudget(1e9) }
    for await (const { name, bytes } of readTar(createReadStream(location).pipe(createGunzip()), options)) {
      writeFileSync(path.join(unpacked, path.basename(name)), bytes)
    }
  }, 60_000)

  it('has 5,000 training and 1,000 test images of each class', () => {
    expect([images.channels, images.height, images.width]).toEqual([3, 32, 32])
    expect(classCounts(images.train, 10)).toEqual(new Array(10).fill(5000))
    expect(classCounts(images.test, 10)).toEqual(new Array(10).fill(1000))
    expect(images.classNames.join()).toBe('airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck')
  })

  it('has the published mean and standard deviation of each channel', () => {
    const { mean, std } = channelStatistics(images.train, 3)
    expect(mean.map((value) => value.toFixed(4))).toEqual(['0.4914', '0.4822', '0.4465'])
    expect(std.map((value) => value.toFixed(4))).toEqual(['0.2470', '0.2435', '0.2616'])
  })

  it('has the published mean and standard deviation of the test images', () => {
    const { mean, std } = channelStatistics(images.test, 3)
    expect(mean.map((value) => value.toFixed(4))).toEqual(['0.4942', '0.4851', '0.4504'])
    expect(std.map((value) => value.toFixed(4))).toEqual(['0.2467', '0.2429', '0.2616'])
  })

  it('is in the order of the numbered files, which is not their order within the archive', () => {
    // As published, the training images begin with a frog, two trucks, a deer and an automobile.
    expect([...images.train.labels.subarray(0, 5)]).toEqual([6, 9, 9, 4, 1])
    expect([...images.train.pixels.subarray(0, 6)]).toEqual([59, 43, 50, 68, 98, 119])
    const batch = readFileSync(path.join(unpacked, 'data_batch_3.bin'))
    const image = 20_000 + 77
    expect(images.train.labels[image]).toBe(batch[77 * 3073])
    const pixels = images.train.pixels.subarray(image * 3072, (image + 1) * 3072)
    expect(Buffer.compare(pixels, batch.subarray(77 * 3073 + 1, 78 * 3073))).toBe(0)
  })

  it('tells how far reading has come', () => {
    expect(progress.length).toBeGreaterThan(5)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })

  it('is the same from the folder, and from the folder that holds it', async () => {
    for (const place of [unpacked, folder]) {
      const same = await loadCifar10(place, {})
      expect(Buffer.compare(same.train.pixels, images.train.pixels)).toBe(0)
      expect(same.test.labels).toEqual(images.test.labels)
    }
  })

  it('refuses a missing file, a wrong size, a label out of range and missing class names', async () => {
    const batch = readFileSync(path.join(unpacked, 'data_batch_2.bin'))
    const badLabel = Buffer.from(batch)
    badLabel[41 * 3073] = 10
    const cases = [
      [tampered('missing', 'test_batch.bin', null), 'test_batch.bin is not there'],
      [tampered('short', 'data_batch_2.bin', batch.subarray(1)), 'has 30729999 instead of 30730000 bytes'],
      [tampered('label', 'data_batch_2.bin', badLabel), 'image 41 of data_batch_2.bin'],
      [tampered('names', 'batches.meta.txt', 'airplane\nbird\n'), 'names 2 instead of 10 classes'],
    ] as const
    for (const [place, message] of cases) {
      const error = await loadCifar10(place, {}).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(DataError)
      expect((error as DataError).message).toContain(message)
    }
  })

  it('refuses an archive cut short', async () => {
    const cut = path.join(folder, 'cut.tar.gz')
    writeFileSync(cut, readFileSync(location).subarray(0, 3_000_000))
    await expect(loadCifar10(cut, {})).rejects.toThrow(/cut.tar.gz cannot be read as a .tar.gz archive \(.*end/)
  })
})
