import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumpyArray } from '../../src/datasets/numpy/numpy-array.js'
import { readPickle } from '../../src/datasets/pickle/read-pickle.js'
import { DataError } from '../../src/platform/errors.js'
import { python2Pickle } from '../support/published-data.js'

/** Made by `fixtures/make-pickles.py` with Python 3.11 and NumPy 2.4. */
const fixture = (protocol: number): Uint8Array =>
  readFileSync(path.join(import.meta.dirname, 'fixtures', `imagenet16-protocol-${protocol}.pickle`))

const pixels = Uint8Array.from({ length: 4 * 768 }, (_, i) => (i * 7 + Math.floor(i / 768)) % 256)
const labels = [1, 120, 121, 1000]

function entries(bytes: Uint8Array): Record<string, unknown> {
  const value = readPickle(bytes)
  if (!(value instanceof Map)) throw new Error('no dictionary')
  return Object.fromEntries(value)
}

function failure(bytes: Uint8Array): string {
  try {
    readPickle(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return (error as Error).message
  }
  return 'no failure'
}

/** A pickle of protocol 2 with these instructions, as latin1. */
const pickle = (instructions: string): Uint8Array => Buffer.from(`\x80\x02${instructions}.`, 'latin1')

describe('readPickle', () => {
  it.each([2, 3, 4, 5])('reads arrays, lists and texts that Python 3 wrote with protocol %i', (protocol) => {
    const { data, labels: read, mean } = entries(fixture(protocol))
    expect(data).toBeInstanceOf(NumpyArray)
    expect(data).toMatchObject({ dtype: 'u1', shape: [4, 768], isFortran: false })
    expect(Buffer.compare((data as NumpyArray).bytes, pixels)).toBe(0)
    expect(read).toEqual(labels)
    expect(mean).toMatchObject({ dtype: 'f8', shape: [768] })
    const { bytes } = mean as NumpyArray
    const first = new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true)
    expect(first).toBe([0, 768, 1536, 2304].reduce((sum, i) => sum + (pixels[i] as number), 0) / 4)
  })

  it('reads what Python 2 wrote, whose texts are bytes', () => {
    const { data, labels: read } = entries(python2Pickle(pixels, labels))
    expect(Buffer.compare((data as NumpyArray).bytes, pixels)).toBe(0)
    expect(read).toEqual(labels)
  })

  it('reads numbers of every length', () => {
    const value = readPickle(
      pickle(
        ']q\x00(K\xffM\xff\xffJ\xfe\xff\xff\xff\x8a\x00\x8a\x03\x00\x00\x80G\x3f\xf8\x00\x00\x00\x00\x00\x00N\x88\x89e',
      ),
    )
    expect(value).toEqual([255, 65_535, -2, 0, -8_388_608, 1.5, null, true, false])
  })

  it.each([
    ['a function of Python', 'cposix\nsystem\n', 'it names posix.system: only dictionaries, lists and NumPy arrays'],
    ['a property of every object', 'cnumpy\nconstructor\n', 'it names numpy.constructor'],
    ['an instruction that is not needed', 'K\x01Q', 'the instruction 0x51 stands'],
    ['an older protocol', '\x80\x01', 'protocol 1 is named instead of 2 to 5'],
    ['a list without an end', ']K\x01K\x02e', 'a mark is missing'],
    [
      'an array that is shorter than its shape',
      'cnumpy.core.numeric\n_frombuffer\n(U\x02abcnumpy\ndtype\nU\x02u1\x85RK\x03\x85tR',
      'an array of shape 3 has 2 instead of 3 bytes',
    ],
    ['two values', 'K\x01K\x02', 'more than one value is left'],
    ['no value', '', 'a value is missing'],
    ['a value that was never kept', 'h\x07', 'value 7 is recalled, but does not exist'],
  ])('refuses %s', (_, instructions, message) => {
    expect(failure(pickle(instructions))).toContain(message)
  })

  it('refuses what goes on after its end', () => {
    expect(failure(Buffer.concat([fixture(3), Buffer.from('x')]))).toContain('it ends before the end of the file')
  })

  it('refuses every beginning of a file', () => {
    const whole = fixture(2)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        expect(failure(whole.subarray(0, length))).not.toBe('no failure')
      }),
    )
  })

  it('reads or refuses, and never does anything else with, a file of which bytes were changed', () => {
    const change = fc.record({ at: fc.nat(400), to: fc.nat(255) })
    fc.assert(
      fc.property(
        fc.constantFrom(2, 3, 4, 5),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (protocol, changes) => {
          const bytes = Uint8Array.from(fixture(protocol))
          for (const { at, to } of changes) bytes[at < 200 ? at : bytes.length - 401 + at] = to
          failure(bytes)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
