import fc from 'fast-check'
import { decode as decodePngByLibrary, encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../../src/datasets/folders/decode/decode-image.js'

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

  it('that is large is the same', async () => {
    const [width, height] = [1200, 1000]
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i) % 251)
    const { pixels } = await decodeImage(encode({ width, height, channels: 3, data }))
    const size = width * height
    expect(pixels.every((value, i) => value === data[3 * (i % size) + Math.floor(i / size)])).toBe(true)
  })
})
