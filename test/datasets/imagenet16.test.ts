import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { classCounts } from '../../src/datasets/class-balance.js'
import { loadImagenet16 } from '../../src/datasets/imagenet16.js'
import { DataError } from '../../src/platform/errors.js'
import { python2Pickle, writeImagenet16 } from '../support/published-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('imagenet16')
const published = writeImagenet16(path.join(folder, 'ImageNet16'))

/** A folder like the published one, with one file replaced. */
function tampered(label: string, content: Uint8Array): string {
  const copy = writeImagenet16(path.join(folder, label))
  writeFileSync(path.join(copy, 'train_data_batch_7'), content)
  return copy
}

describe('ImageNet16-120', () => {
  it('keeps the images of classes 1 to 120, counted from 0, in the order of the files', async () => {
    const images = await loadImagenet16(published, {})
    expect([images.channels, images.height, images.width, images.classNames.length]).toEqual([3, 16, 16, 120])
    expect(classCounts(images.train, 120)).toEqual(new Array(120).fill(10))
    expect(classCounts(images.test, 120)).toEqual(new Array(120).fill(1))
    // Image 5 of the third file has label 6; the files make theirs brighter by their number.
    expect(images.train.labels[2 * 120 + 5]).toBe(5)
    expect(new Set(images.train.pixels.subarray((2 * 120 + 5) * 768, (2 * 120 + 6) * 768))).toEqual(new Set([6 + 2]))
  })

  it('is the same from an archive, whatever else it holds', async () => {
    const archive = path.join(folder, 'images.tar.gz')
    writeFileSync(path.join(published, 'README'), 'not an image')
    execFileSync('tar', ['-czf', archive, '-C', folder, 'ImageNet16'])
    const [packed, unpacked] = [await loadImagenet16(archive, {}), await loadImagenet16(folder, {})]
    expect(Buffer.compare(packed.train.pixels, unpacked.train.pixels)).toBe(0)
    expect(packed.test.labels).toEqual(unpacked.test.labels)
  })

  it.each([
    ['a file cut short', python2Pickle(new Uint8Array(768), [1]).subarray(0, 600), 'the file ends too early'],
    [
      'a file of another kind',
      Buffer.from('PK\x03\x04'),
      'this is not a pickle of arrays, or it is damaged: at byte 1',
    ],
    ['images of another size', python2Pickle(new Uint8Array(3072), [1]), 'have 3072 instead of 768 values'],
    ['a label of 0', python2Pickle(new Uint8Array(2 * 768), [1, 0]), 'image 1 has label 0, not 1..1000'],
    ['a label above 1000', python2Pickle(new Uint8Array(768), [1001]), 'image 0 has label 1001, not 1..1000'],
    ['something else', Buffer.from('\x80\x02K\x01.', 'latin1'), 'it does not contain a dictionary'],
    ['no images', Buffer.from('\x80\x02}.', 'latin1'), 'it has no "data" of rows of bytes'],
  ])('refuses %s, naming the file', async (label, content, message) => {
    const error = await loadImagenet16(tampered(label, content), {}).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DataError)
    expect((error as Error).message).toContain('train_data_batch_7 in ')
    expect((error as Error).message).toContain(message)
  })

  it('refuses no path, a path that is not there and a folder without the files', async () => {
    await expect(loadImagenet16(undefined, {})).rejects.toThrow('imagenet16-120 needs data.path. Give the folder')
    await expect(loadImagenet16(path.join(folder, 'nowhere'), {})).rejects.toThrow('nowhere does not exist')
    await expect(loadImagenet16(tmpdir(), {})).rejects.toThrow('train_data_batch_1 is not there')
  })
})
