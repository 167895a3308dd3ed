import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeImage, withChannels } from '../../../src/datasets/folders/decode-image.js'
import { DataError } from '../../../src/platform/errors.js'

interface Fixture {
  readonly file: string
  readonly shape: readonly [number, number, number]
  readonly pixels: string
  readonly luma: string
}
/** Made by `fixtures/make-images.py` with Pillow 13.0.0: files, and the pixels that Pillow sees in them. */
const fixtures = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../fixtures/images.json'), 'utf8'),
) as Readonly<Record<string, Fixture>>
const names = Object.keys(fixtures)
const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')
const fixture = (name: string): Fixture => fixtures[name] as Fixture

/** The largest difference of two lists of bytes. */
const difference = (a: Uint8Array, b: Uint8Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)
}

async function failure(bytes: Uint8Array): Promise<string> {
  try {
    await decodeImage(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return (error as Error).message
  }
  return 'no failure'
}

describe('decodeImage', () => {
  it.each(names.filter((name) => name.startsWith('png')))('sees in %s what Pillow sees', async (name) => {
    const { file, shape, pixels, luma } = fixture(name)
    const image = await decodeImage(bytesOf(file))
    expect([image.channels, image.height, image.width]).toEqual(shape)
    expect(difference(image.pixels, bytesOf(pixels))).toBe(0)
    expect(difference(withChannels(image, 1).pixels, bytesOf(luma))).toBe(0)
  })

  it.each(names.filter((name) => name.startsWith('jpeg')))(
    'sees in %s what Pillow sees, but for rounding',
    async (name) => {
      const { file, shape, pixels } = fixture(name)
      const image = await decodeImage(bytesOf(file))
      expect([image.channels, image.height, image.width]).toEqual(shape)
      // Two decoders may round differently in the transform and again in the colours.
      expect(difference(image.pixels, bytesOf(pixels))).toBeLessThanOrEqual(3)
    },
  )

  it.each([1, 2, 4])('stretches grey of %i bits to bytes', async (depth) => {
    const most = 2 ** depth - 1
    const width = 5
    const values = Array.from({ length: 2 * width }, (_, i) => (i * 3) % (most + 1))
    const rowBytes = Math.ceil((width * depth) / 8)
    const rows = Buffer.alloc(2 * (1 + rowBytes))
    for (const [i, value] of values.entries()) {
      const bit = (i % width) * depth
      const at = Math.floor(i / width) * (1 + rowBytes) + 1 + (bit >> 3)
      rows[at] = (rows[at] ?? 0) | (value << (8 - depth - (bit & 7)))
    }
    const image = await decodeImage(greyPng(width, 2, depth, rows))
    expect([...image.pixels]).toEqual(values.map((value) => (value * 255) / most))
  })

  it('makes grey images colour by repeating them', async () => {
    const grey = await decodeImage(bytesOf(fixture('png-grey-8').file))
    const colour = withChannels(grey, 3)
    expect(colour.channels).toBe(3)
    for (const channel of [0, 1, 2]) {
      expect(difference(colour.pixels.subarray(channel * 35, (channel + 1) * 35), grey.pixels)).toBe(0)
    }
    expect(difference(withChannels(colour, 1).pixels, grey.pixels)).toBe(0)
  })

  it.each(names.filter((name) => !/^(png|jpeg)/.test(name)))('refuses %s by its name', async (name) => {
    expect(await failure(bytesOf(fixture(name).file))).toMatch(
      new RegExp(`it is a ${name} image, not PNG or JPEG`, 'i'),
    )
  })

  it('refuses an empty file and a text', async () => {
    expect(await failure(new Uint8Array(0))).toBe('it is empty')
    expect(await failure(Buffer.from('no image at all'))).toBe('it is no image that is known here')
  })

  it('refuses images that are cut off', async () => {
    for (const name of names.filter((candidate) => /^(png|jpeg)/.test(candidate))) {
      const whole = bytesOf(fixture(name).file)
      for (const share of [0.1, 0.5, 0.8]) {
        expect(await failure(whole.subarray(0, Math.floor(share * whole.length))), `${share} of ${name}`).toMatch(
          /it is a damaged|no image that is known|it is empty/,
        )
      }
    }
  })

  it('refuses a PNG in which a bit was changed', async () => {
    const whole = bytesOf(fixture('png-colour-8').file)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: whole.length - 1 }), fc.nat(7), async (at, bit) => {
        const bytes = Buffer.from(whole)
        bytes[at] = (bytes[at] as number) ^ (1 << bit)
        expect(await failure(bytes)).not.toBe('no failure')
      }),
    )
  })
})

/** A PNG of grey pixels whose rows, each with its filter byte, are given. */
function greyPng(width: number, height: number, depth: number, rows: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
