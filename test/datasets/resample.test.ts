import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PixelRows } from '../../src/datasets/interleaved-pixels.js'
import { resampleImages, resamplePixels } from '../../src/datasets/resample.js'
import { createRng } from '../../src/platform/rng.js'

const image = (height: number, width: number) => fc.uint8Array({ minLength: height * width, maxLength: height * width })

const resampled = (pixels: Uint8Array, height: number, width: number, size: number): Uint8Array => {
  const out = new Uint8Array((pixels.length / (height * width)) * size * size)
  resampleImages(pixels, height, width, size, out)
  return out
}

/** The average of what output (y, x) covers, straight from the definition. */
function areaAverage(pixels: Uint8Array, from: number, to: number, y: number, x: number): number {
  const overlap = (i: number, j: number) =>
    Math.max(0, Math.min(((i + 1) * from) / to, j + 1) - Math.max((i * from) / to, j))
  let sum = 0
  let area = 0
  for (let v = 0; v < from; v++) {
    for (let u = 0; u < from; u++) {
      const share = overlap(y, v) * overlap(x, u)
      sum += share * (pixels[v * from + u] as number)
      area += share
    }
  }
  return sum / area
}

describe('resample', () => {
  it('changes nothing where the size is right', () => {
    fc.assert(
      fc.property(image(8, 8), (pixels) => {
        expect(resampled(pixels, 8, 8, 8)).toEqual(pixels)
      }),
    )
  })

  it('averages areas where it shrinks, by any ratio', () => {
    const sizes = fc
      .integer({ min: 2, max: 13 })
      .chain((from) => fc.tuple(fc.constant(from), fc.integer({ min: 1, max: from - 1 }), image(from, from)))
    fc.assert(
      fc.property(sizes, ([from, to, pixels]) => {
        const out = resampled(pixels, from, from, to)
        for (let y = 0; y < to; y++) {
          for (let x = 0; x < to; x++) {
            const error = (out[y * to + x] as number) - areaAverage(pixels, from, to, y, x)
            expect(Math.abs(error)).toBeLessThanOrEqual(0.5 + 1e-9)
          }
        }
      }),
    )
  })

  it('reproduces a ramp, away from the border, where it grows', () => {
    const ramp = Uint8Array.from({ length: 64 }, (_, i) => 8 * (i % 8) + 16 * Math.floor(i / 8))
    const out = resampled(ramp, 8, 8, 16)
    for (let y = 1; y < 15; y++) {
      for (let x = 1; x < 15; x++) {
        const exact = 8 * ((x + 0.5) / 2 - 0.5) + 16 * ((y + 0.5) / 2 - 0.5)
        expect(out[y * 16 + x]).toBe(Math.round(exact))
      }
    }
    expect([out[0], out[255]]).toEqual([0, 168])
  })

  it('stays within the range of the pixels and keeps plain images, whatever the sizes', () => {
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([height, width]) =>
        fc.tuple(fc.constant(height), fc.constant(width), fc.integer({ min: 1, max: 12 }), image(height, width)),
      )
    fc.assert(
      fc.property(cases, ([height, width, size, pixels]) => {
        const out = resampled(pixels, height, width, size)
        expect(Math.min(...out)).toBeGreaterThanOrEqual(Math.min(...pixels))
        expect(Math.max(...out)).toBeLessThanOrEqual(Math.max(...pixels))
        const value = pixels[0] as number
        expect(new Set(resampled(new Uint8Array(pixels.length).fill(value), height, width, size))).toEqual(
          new Set([value]),
        )
      }),
    )
  })

  it('treats every plane alone', () => {
    fc.assert(
      fc.property(image(6, 6), image(6, 6), fc.integer({ min: 1, max: 12 }), (a, b, size) => {
        const both = resampled(Uint8Array.of(...a, ...b), 6, 6, size)
        expect(both).toEqual(Uint8Array.of(...resampled(a, 6, 6, size), ...resampled(b, 6, 6, size)))
      }),
    )
  })
})

it('pixels side by side give the bytes of planes', () => {
  const sides = fc.record({
    height: fc.integer({ min: 1, max: 30 }),
    width: fc.integer({ min: 1, max: 30 }),
    size: fc.integer({ min: 1, max: 20 }),
    kind: fc.constantFrom([1, 1], [1, 2], [3, 3], [3, 4]),
    seed: fc.uint8Array({ minLength: 8, maxLength: 40 }),
  })
  fc.assert(
    fc.property(sides, ({ height, width, size, kind, seed }) => {
      const [channels, perPixel] = kind as [1 | 3, number]
      const values = Uint8Array.from({ length: height * width * perPixel }, (_, i) => (seed[i % seed.length] ?? 0) * i)
      const planes = Uint8Array.from({ length: channels * height * width }, (_, i) => {
        const at = i % (height * width)
        return values[at * perPixel + Math.floor(i / (height * width))] as number
      })
      const out = resamplePixels({ values, perPixel, channels, height, width }, size)
      expect(Buffer.compare(out, resampled(planes, height, width, size))).toBe(0)
    }),
  )
})

/** Rows first, then columns, each as a sum of shares from the first input on, in floating point. */
function shareByShare(image: PixelRows, size: number): Uint8Array {
  const { channels, height, perPixel, values, width } = image
  const shares = (from: number, i: number) => {
    const length = from / size
    const start = Math.min(Math.floor((i * from) / size), from - Math.min(from, Math.ceil(length) + 1))
    return Array.from({ length: Math.min(from, Math.ceil(length) + 1) }, (_, k) => {
      const j = start + k
      return [j, Math.max(0, Math.min((i + 1) * length, j + 1) - Math.max(i * length, j)) / length] as const
    })
  }
  return Uint8Array.from({ length: channels * size * size }, (_, o) => {
    const [channel, y, x] = [Math.floor(o / size / size), Math.floor(o / size) % size, o % size]
    let sum = 0
    for (const [v, rowShare] of shares(height, y)) {
      let row = 0
      for (const [u, share] of shares(width, x)) row += share * (values[(v * width + u) * perPixel + channel] as number)
      sum += rowShare * row
    }
    return Math.round(sum)
  })
}

it('a photo becomes the bytes that sums of shares give, also where a value lies between two bytes', () => {
  const images = fc.record({
    size: fc.integer({ min: 1, max: 6 }),
    // Whole numbers, halves and others, on both sides of three, from where bytes are added four at a time.
    ratios: fc.tuple(
      ...[0, 1].map(() =>
        fc.oneof(
          fc.integer({ min: 2, max: 40 }).map((n) => n / 4),
          fc.constant(4),
        ),
      ),
    ),
    kind: fc.constantFrom([1, 1], [1, 2], [3, 3], [3, 4]),
    most: fc.constantFrom(1, 255),
    offset: fc.integer({ min: 0, max: 4 }),
    seed: fc.integer(),
  })
  fc.assert(
    fc.property(images, ({ size, ratios, kind, most, offset, seed }) => {
      const [channels, perPixel] = kind as [1 | 3, number]
      const [height, width] = ratios.map((ratio) => Math.max(size, Math.round(ratio * size))) as [number, number]
      const rng = createRng('resample', seed)
      const bytes = Uint8Array.from({ length: offset + height * width * perPixel }, () => rng.integer(most + 1))
      const image = { values: bytes.subarray(offset), perPixel, channels, height, width }
      expect(Buffer.compare(resamplePixels(image, size), shareByShare(image, size))).toBe(0)
    }),
    { numRuns: 400 },
  )
})

it.each([257, 258])('%i rows of white in one output are white', (rows) => {
  const image = {
    values: new Uint8Array(12 * rows).fill(255),
    perPixel: 3,
    channels: 3 as const,
    height: rows,
    width: 4,
  }
  expect([...resamplePixels(image, 1)]).toEqual([255, 255, 255])
})
