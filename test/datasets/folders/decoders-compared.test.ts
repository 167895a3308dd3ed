import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { decode as decodePngByLibrary, encode } from 'fast-png'
import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../../src/datasets/folders/decode-image.js'
import { DataError } from '../../../src/platform/errors.js'

/*
 * Images were decoded by the libraries jpeg-js and fast-png before, without limits: whatever both read is the same, byte by
 * byte.
 */

const fixtures = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../fixtures/images.json'), 'utf8'),
) as Readonly<Record<string, { readonly file: string }>>
const jpegs = ['jpeg-grey', 'jpeg-colour', 'jpeg-progressive'].map((name) =>
  Buffer.from(fixtures[name]?.file ?? '', 'base64'),
)

/** What jpeg-js sees, as planes; null if it refuses. */
function byJpegJs(bytes: Uint8Array, channels: number): Uint8Array | null {
  try {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
    })
    const size = width * height
    return Uint8Array.from({ length: channels * size }, (_, i) => data[3 * (i % size) + Math.floor(i / size)] as number)
  } catch {
    return null
  }
}

const decoded = (bytes: Uint8Array) =>
  decodeImage(bytes).catch((error: unknown) => {
    expect(error).toBeInstanceOf(DataError)
    return null
  })

describe('a decoded JPEG', () => {
  it.each([0, 1, 2])('is what jpeg-js sees in fixture %i', async (i) => {
    const bytes = jpegs[i] as Buffer
    const image = await decodeImage(bytes)
    expect(Buffer.compare(image.pixels, byJpegJs(bytes, image.channels) as Uint8Array)).toBe(0)
  })

  it('is what jpeg-js sees, of any size, quality and content', async () => {
    const images = fc.record({
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
      quality: fc.integer({ min: 1, max: 100 }),
      seed: fc.uint8Array({ minLength: 16, maxLength: 64 }),
    })
    await fc.assert(
      fc.asyncProperty(images, async ({ width, height, quality, seed }) => {
        const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => (seed[i % seed.length] as number) + i)
        const bytes = jpeg.encode({ width, height, data }, quality).data
        const { pixels } = await decodeImage(bytes)
        expect(Buffer.compare(pixels, byJpegJs(bytes, 3) as Uint8Array)).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('is refused, or what jpeg-js sees, where bytes were changed', async () => {
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...jpegs),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (whole, changes) => {
          const bytes = Uint8Array.from(whole)
          for (const { at, to } of changes) bytes[Math.floor(at * (bytes.length - 1))] = to
          const image = await decoded(bytes)
          const known = image === null || image.width * image.height > 10_000 ? null : byJpegJs(bytes, image.channels)
          // What ends early or has too many coefficients is refused here, and guessed by it; never the other way round.
          if (image !== null && known !== null) expect(Buffer.compare(image.pixels, known)).toBe(0)
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('a decoded PNG', () => {
  it('is what fast-png sees, of any size, depth and number of channels', async () => {
    const images = fc.record({
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
      channels: fc.constantFrom(1, 2, 3, 4),
      depth: fc.constantFrom(8, 16),
      seed: fc.uint8Array({ minLength: 16, maxLength: 64 }),
    })
    await fc.assert(
      fc.asyncProperty(images, async ({ width, height, channels, depth, seed }) => {
        const length = width * height * channels
        const at = (_: unknown, i: number): number => (seed[i % seed.length] as number) * (depth === 8 ? 1 : 257) + i
        const data = depth === 8 ? Uint8Array.from({ length }, at) : Uint16Array.from({ length }, at)
        const bytes = encode({ width, height, channels, depth: depth as 8 | 16, data })
        const known = decodePngByLibrary(bytes)
        const image = await decodeImage(bytes)
        const size = width * height
        const expected = Uint8Array.from({ length: image.channels * size }, (_, i) =>
          Math.round((known.data[channels * (i % size) + Math.floor(i / size)] as number) / (depth === 8 ? 1 : 257)),
        )
        expect(image.channels).toBe(channels < 3 ? 1 : 3)
        expect(Buffer.compare(image.pixels, expected)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('that is large is read in pieces, and is the same', async () => {
    const [width, height] = [1200, 1000]
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i) % 251)
    const { pixels } = await decodeImage(encode({ width, height, channels: 3, data }))
    const size = width * height
    expect(pixels.every((value, i) => value === data[3 * (i % size) + Math.floor(i / size)])).toBe(true)
  })
})
