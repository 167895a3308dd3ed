import { describe, expect, it } from 'vitest'
import { decodeNetwork, encodeNetwork } from '../../src/models/network-file.js'
import { NetworkFileError } from '../../src/platform/errors.js'
import { firstFormatFile, toyFacts, toySurroundings } from './toy-network.js'

const weights = {
  parameters: Float32Array.of(1, -2.5, Number.NaN, 3e-38),
  runningMean: Float32Array.of(0.25, 4),
  runningVariance: Float32Array.of(1, 2),
}
const whole = encodeNetwork(toyFacts, toySurroundings, weights)

/** The file with another header, whose length is told as it is. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Buffer {
  const file = Buffer.from(whole)
  const end = 12 + file.readUInt32LE(8)
  const text = Buffer.from(JSON.stringify(change(JSON.parse(file.toString('utf8', 12, end)))))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([file.subarray(0, 8), length, text, file.subarray(end)])
}

describe('a network file', () => {
  it('gives back what was put in, bit for bit', () => {
    expect(decodeNetwork(whole)).toEqual({ ...toyFacts, weights, surroundings: toySurroundings })
  })

  it('gives it back from bytes that begin anywhere in a buffer', () => {
    const shifted = Buffer.concat([Buffer.alloc(3), whole]).subarray(3)
    expect(decodeNetwork(shifted)).toEqual(decodeNetwork(whole))
  })

  it('of the first format is read, without surroundings', () => {
    expect(decodeNetwork(firstFormatFile(weights))).toEqual({ ...toyFacts, weights, surroundings: null })
  })

  it('without a digest, as the first ones of version 2 were written, is read', () => {
    const older = withHeader(({ sha256, ...header }) => header)
    expect(older.length).toBeLessThan(whole.length)
    expect(decodeNetwork(older)).toEqual(decodeNetwork(whole))
  })

  it.each([1, 2, 5, 17, 32])('with a byte of the weights changed is damaged %#', (fromEnd) => {
    const flipped = Buffer.from(whole)
    flipped.writeUInt8(flipped.readUInt8(whole.length - fromEnd) ^ 1, whole.length - fromEnd)
    expect(() => decodeNetwork(flipped, 'x.bin')).toThrow(
      'x.bin is damaged: its weights are not those that were written',
    )
  })

  it.each([
    ['another file', Buffer.from('something else entirely'), 'x.bin is not a network file'],
    ['a later version', Buffer.from(`FEARNAS3${'.'.repeat(40)}`), 'x.bin is of version "3" of the format'],
    ['an empty file', Buffer.alloc(0), 'not a network file'],
    ['no header', Buffer.from('FEARNAS2'), 'damaged: it ends after 8 bytes'],
    ['a cut header', whole.subarray(0, 60), 'damaged: its header would have'],
    ['a boundless header', Buffer.concat([whole.subarray(0, 8), Buffer.alloc(4, 255)]), 'would have 4294967295 bytes'],
    [
      'a cut end',
      whole.subarray(0, whole.length - 1),
      `damaged: it has ${whole.length - 1} bytes, and its header says`,
    ],
    ['a header that is not JSON', Buffer.from(whole).fill(0, 12, 14), 'its header is not JSON'],
    ['more parameters', withHeader((header) => ({ ...header, parameters: 5 })), 'its header says'],
    ['fewer than none', withHeader((header) => ({ ...header, statistics: -2 })), 'statistics: '],
    ['a list as header', withHeader(() => []), 'damaged: header: '],
    ['no space', withHeader(({ space: _, ...header }) => header), 'space: '],
    ['no name for a class', withHeader((header) => ({ ...header, classNames: ['cat'] })), 'a name for each class'],
    [
      'another number of channels',
      withHeader((header) => ({ ...header, normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } })),
      'a normalisation for each channel',
    ],
  ])('is refused as a whole: %s', (_, bytes, message) => {
    expect(() => decodeNetwork(bytes, 'x.bin')).toThrow(NetworkFileError)
    expect(() => decodeNetwork(bytes, 'x.bin')).toThrow(message)
  })
})
