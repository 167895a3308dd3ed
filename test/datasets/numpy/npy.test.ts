import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementReader } from '../../../src/datasets/numpy/elements.js'
import { readNpy } from '../../../src/datasets/numpy/npy.js'
import { stridesOf } from '../../../src/datasets/numpy/numpy-array.js'
import { textReader } from '../../../src/datasets/numpy/texts.js'
import { DataError } from '../../../src/platform/errors.js'
import { npyFile } from '../../support/made-arrays.js'

/** Made by `fixtures/make-arrays.py` with NumPy 2.4.6. */
const fixture = JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/arrays.json'), 'utf8')) as {
  readonly elements: Readonly<Record<string, string>>
  readonly fortran: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
  readonly refused: Readonly<Record<string, string>>
  readonly bool: string
  readonly half: string
  readonly negative: string
  readonly scalar: string
}
const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64')
const upTo24 = Array.from({ length: 24 }, (_, i) => i)

/** All elements in C order, by the strides. */
function elements(bytes: Uint8Array): number[] {
  const array = readNpy(bytes)
  const read = elementReader(array)
  const [a = 0, b = 0, c = 0] = stridesOf(array)
  const [depth = 0, rows = 0, columns = 0] = array.shape
  const all: number[] = []
  for (let i = 0; i < depth; i++)
    for (let j = 0; j < rows; j++) for (let k = 0; k < columns; k++) all.push(read(i * a + j * b + k * c))
  return all
}

function failure(bytes: Uint8Array): string {
  try {
    elementReader(readNpy(bytes))
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return (error as Error).message
  }
  return 'no failure'
}

describe('readNpy', () => {
  it.each(Object.keys(fixture.elements))('reads elements of type %s as NumPy wrote them', (type) => {
    expect(elements(bytesOf(fixture.elements[type] as string))).toEqual(upTo24)
  })

  it.each(Object.keys(fixture.fortran))('reads Fortran order of type %s', (type) => {
    const bytes = bytesOf(fixture.fortran[type] as string)
    expect(readNpy(bytes).isFortran).toBe(true)
    expect(elements(bytes)).toEqual(upTo24)
  })

  it.each(['1', '2', '3'])('reads version %s of the format', (version) => {
    const bytes = bytesOf(fixture.versions[version] as string)
    expect(bytes[6]).toBe(Number(version))
    expect(elements(bytes)).toEqual(upTo24)
  })

  it('reads booleans, and integers of 8 bytes with their sign', () => {
    expect(elements(bytesOf(fixture.bool))).toEqual(upTo24.map((i) => i % 2))
    const read = elementReader(readNpy(bytesOf(fixture.negative)))
    expect([0, 1, 2].map(read)).toEqual([-1, -(2 ** 40), 2 ** 52])
  })

  it('reads elements wherever in a file they begin', () => {
    const file = bytesOf(fixture.elements['<f8'] as string)
    for (let shift = 0; shift < 8; shift++) {
      const moved = new Uint8Array(file.length + shift)
      moved.set(file, shift)
      expect(elements(moved.subarray(shift))).toEqual(upTo24)
    }
  })

  it('reads texts of both kinds and byte orders', () => {
    const utf32 = Buffer.from('ab\0c\0\0'.replaceAll(/./gs, '$&\0\0\0'), 'latin1')
    const little = npyFile(utf32, { descr: '<U3', shape: [2] })
    const big = npyFile(Buffer.from(utf32).swap32(), { descr: '>U3', shape: [2] })
    const bytes = npyFile(Buffer.from('ab\0\xc3\xa9\0', 'latin1'), { descr: '|S3', shape: [2] })
    expect([little, big, bytes].map((file) => [0, 1].map(textReader(readNpy(file))))).toEqual([
      ['ab', 'c'],
      ['ab', 'c'],
      ['ab', 'é'],
    ])
  })

  it('refuses objects, records and half precision, and texts as numbers, and says so', () => {
    for (const kind of ['objects', 'object_texts'])
      expect(failure(bytesOf(fixture.refused[kind] as string))).toContain('Python objects, not numbers')
    expect(failure(bytesOf(fixture.refused.records as string))).toContain('an array of records')
    expect(failure(bytesOf(fixture.refused.texts as string))).toContain(
      'elements are of type U2, but integers, booleans, float32 or float64 are expected',
    )
    expect(failure(bytesOf(fixture.half))).toContain('type f2, but integers, booleans, float32 or float64 are expected')
    expect(readNpy(bytesOf(fixture.scalar)).shape).toEqual([])
  })

  it.each([
    ['another file', Buffer.from('PK\x03\x04'), 'does not begin as a .npy file does'],
    ['a version to come', Buffer.from('\x93NUMPY\x04\x00\x00\x00', 'latin1'), 'of version 4'],
    [
      'a shape that is no tuple',
      npyFile(new Uint8Array(1), { descr: '|u1', shape: [Number.NaN] }),
      'is not understood',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(failure(bytes)).toContain(message)
  })

  it('refuses every beginning of a file, and one that goes on', () => {
    const whole = bytesOf(fixture.elements['<f4'] as string)
    for (let length = 0; length < whole.length; length++) {
      expect(failure(whole.subarray(0, length)), `${length} bytes`).not.toBe('no failure')
    }
    expect(failure(Buffer.concat([whole, Buffer.from('x')]))).toContain('needs 96 bytes, but it has 97')
  })

  it('reads or refuses, and does nothing else with, a file of which bytes were changed', () => {
    const whole = bytesOf(fixture.elements['<f4'] as string)
    const change = fc.record({ at: fc.nat(127), to: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(whole)
        for (const { at, to } of changes) bytes[at] = to
        failure(bytes)
      }),
      { numRuns: 1000 },
    )
  })
})
