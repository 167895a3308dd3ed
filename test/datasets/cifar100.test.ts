import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadCifar100 } from '../../src/datasets/cifar100.js'
import { classCounts } from '../../src/datasets/class-balance.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { DataError } from '../../src/platform/errors.js'
import { writeCifar100 } from '../support/published-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('cifar100')
const unpacked = path.join(folder, 'cifar-100-binary')
beforeAll(() => {
  writeCifar100(unpacked)
}, 60_000)

/** A folder like the published one, with one file replaced by `content`, or absent. */
function tampered(label: string, replaced: string, content: Uint8Array | string | null): string {
  const copy = path.join(folder, label)
  mkdirSync(copy)
  for (const name of ['fine_label_names.txt', 'train.bin', 'test.bin']) {
    if (name !== replaced) symlinkSync(path.join(unpacked, name), path.join(copy, name))
    else if (content !== null) writeFileSync(path.join(copy, name), content)
  }
  return copy
}

describe('CIFAR-100', () => {
  let images: RawImages

  beforeAll(async () => {
    images = await loadCifar100(folder, {})
  }, 60_000)

  it('has 500 training and 100 test images of each of the fine classes', () => {
    expect([images.channels, images.height, images.width]).toEqual([3, 32, 32])
    expect(classCounts(images.train, 100)).toEqual(new Array(100).fill(500))
    expect(classCounts(images.test, 100)).toEqual(new Array(100).fill(100))
    expect(images.classNames.slice(0, 2)).toEqual(['kind 0', 'kind 1'])
  })

  it('takes the second label and the 3,072 bytes behind it', () => {
    const bytes = readFileSync(path.join(unpacked, 'train.bin'))
    const record = 31_777
    expect(images.train.labels[record]).toBe(bytes[record * 3074 + 1])
    const pixels = images.train.pixels.subarray(record * 3072, (record + 1) * 3072)
    expect(Buffer.compare(pixels, bytes.subarray(record * 3074 + 2, (record + 1) * 3074))).toBe(0)
    expect(images.train.labels[record]).not.toBe(bytes[record * 3074])
  })

  it('refuses missing files, wrong sizes, labels out of range and missing names', async () => {
    const badLabel = Buffer.from(readFileSync(path.join(unpacked, 'test.bin')))
    badLabel[41 * 3074 + 1] = 100
    const cases = [
      [undefined, 'cifar100 needs data.path. Give the archive cifar-100-binary.tar.gz'],
      [path.join(folder, 'nowhere'), 'nowhere does not exist'],
      [tampered('missing', 'test.bin', null), 'test.bin is not there'],
      [tampered('short', 'test.bin', badLabel.subarray(1)), 'has 30739999 instead of 30740000 bytes'],
      [tampered('label', 'test.bin', badLabel), 'image 41 of test.bin'],
      [tampered('names', 'fine_label_names.txt', 'apple\n'), 'names 1 instead of 100 classes'],
      [path.join(unpacked, 'fine_label_names.txt'), 'cannot be read as a .tar.gz archive'],
    ] as const
    for (const [place, message] of cases) await expect(loadCifar100(place, {})).rejects.toThrow(message)
    await expect(loadCifar100(path.join(folder, 'label'), {})).rejects.toThrow(DataError)
  })
})
