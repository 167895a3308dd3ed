import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { namesOfPickle, recordsOfPickle } from '../../src/datasets/cifar-pickles.js'
import { loadCifar10 } from '../../src/datasets/cifar10.js'
import { DataError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Made by `fixtures/make-pickles.py`: two images, of which image i, byte j is (5 * (3072 i + j) + i) mod 256. */
const fixture = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/cifar.json'), 'utf8')) as Readonly<
  Record<'batch' | 'meta' | 'batch100' | 'meta100', string>
>
const bytesOf = (name: keyof typeof fixture): Buffer => inflateSync(Buffer.from(fixture[name], 'base64'))
const keys = { labels: 'labels', names: 'label_names' }
const keys100 = { labels: 'fine_labels', names: 'fine_label_names' }
const records = { labelBytes: 1, classes: 10, recordsPerFile: 2 }

describe("CIFAR's Python version", () => {
  it('is read as the records of the binary version', () => {
    const bytes = recordsOfPickle(bytesOf('batch'), keys, records)
    expect(bytes).toHaveLength(2 * 3073)
    expect([bytes[0], bytes[3073]]).toEqual([3, 9])
    const pixel = (image: number, i: number) => (5 * (3072 * image + i) + image) % 256
    expect([1, 2, 3072, 3074, 6145].map((i) => bytes[i])).toEqual([
      pixel(0, 0),
      pixel(0, 1),
      pixel(0, 3071),
      pixel(1, 0),
      pixel(1, 3071),
    ])
    expect(Buffer.from(namesOfPickle(bytesOf('meta'), keys)).toString()).toBe('airplane\nautomobile\n')
  })

  it('of CIFAR-100 has the fine labels, behind an unused byte', () => {
    const bytes = recordsOfPickle(bytesOf('batch100'), keys100, { ...records, labelBytes: 2 })
    expect([bytes[0], bytes[1], bytes[3074], bytes[3075]]).toEqual([0, 99, 0, 0])
    expect(Buffer.from(namesOfPickle(bytesOf('meta100'), keys100)).toString()).toBe('apple\naquarium_fish\n')
  })

  it('is refused where it is something else', () => {
    expect(() => recordsOfPickle(bytesOf('meta'), keys, records)).toThrow(
      new DataError('it has no "data" of rows of bytes'),
    )
    expect(() => recordsOfPickle(bytesOf('batch'), keys100, records)).toThrow(
      'it has no "fine_labels" with a list of 2',
    )
    expect(() => namesOfPickle(bytesOf('batch'), keys)).toThrow('it has no "label_names" with a list')
  })

  it('is recognised by its files, and a wrong one is named', async () => {
    const folder = path.join(temporaryFolder('cifar-py'), 'cifar-10-batches-py')
    mkdirSync(folder)
    for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']) {
      writeFileSync(path.join(folder, name), bytesOf('batch'))
    }
    writeFileSync(path.join(folder, 'batches.meta'), bytesOf('batch'))
    await expect(loadCifar10(path.dirname(folder), {})).rejects.toThrow(
      `batches.meta in ${folder}: it has no "label_names" with a list. Give the archive cifar-10-binary.tar.gz or cifar-10-python.tar.gz`,
    )
  })
})
