import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../src/platform/rng.js'
import { EpochAugmentation, isAugmented } from '../../src/training/augmentation.js'
import { type Augmentation, noAugmentation } from '../../src/training/recipe.js'

const height = 4
const width = 5
const plane = height * width
const images = 64

/** Bytes 1..20, so that a normalised 0 or padding is told from every pixel. */
const pixels = Uint8Array.from({ length: plane }, (_, i) => i + 1)
/** byte -> byte + 0.5: padding is 0.5, a cutout 0. */
const table = Float32Array.from({ length: 256 }, (_, byte) => byte + 0.5)

function augmented(augmentation: Partial<Augmentation>, seed = 'seed'): number[][] {
  const epoch = new EpochAugmentation({ ...noAugmentation, ...augmentation }, { height, width }, images)
  epoch.draw(createRng(seed))
  return Array.from({ length: images }, (_, image) => {
    const target = new Float32Array(plane)
    epoch.write(image, pixels, 0, table, 0, target, 0)
    return [...target]
  })
}

const plain = [...pixels].map((byte) => byte + 0.5)
const mirrored = plain.map((_, i) => plain[i - (i % width) + (width - 1 - (i % width))] as number)
describe('EpochAugmentation', () => {
  it('leaves images alone if nothing is asked for', () => {
    for (const image of augmented({})) expect(image).toEqual(plain)
  })

  it('flips about half of the images, and only mirrors them', () => {
    const flipped = augmented({ flip: true }).filter((image) => {
      expect([plain, mirrored]).toContainEqual(image)
      return image[0] !== plain[0]
    })
    expect(flipped.length).toBeGreaterThan(images / 4)
    expect(flipped.length).toBeLessThan((3 * images) / 4)
  })

  it('crops from an image padded with raw zeros', () => {
    const shifts = new Set<string>()
    for (const image of augmented({ crop: 1 })) {
      const found = [-1, 0, 1].flatMap((top) =>
        [-1, 0, 1]
          .filter((left) =>
            image.every((value, i) => {
              const y = Math.floor(i / width) + top
              const x = (i % width) + left
              const inside = y >= 0 && y < height && x >= 0 && x < width
              return value === (inside ? plain[y * width + x] : 0.5)
            }),
          )
          .map((left) => `${top},${left}`),
      )
      expect(found).toHaveLength(1)
      shifts.add(found[0] as string)
    }
    expect(shifts.size).toBe(9)
  })

  it('cuts out a rectangle of normalised zeros, clipped at the borders', () => {
    const sizes = new Set<number>()
    for (const image of augmented({ cutout: 2 })) {
      const zeros = image.flatMap((value, i) => (value === 0 ? [i] : []))
      const zeroRows = new Set(zeros.map((i) => Math.floor(i / width)))
      const zeroColumns = new Set(zeros.map((i) => i % width))
      expect(zeros).toHaveLength(zeroRows.size * zeroColumns.size)
      expect(Math.max(zeroRows.size, zeroColumns.size)).toBeLessThanOrEqual(2)
      expect(image.filter((value, i) => value !== 0 && value !== plain[i])).toEqual([])
      sizes.add(zeros.length)
    }
    // Centres in row or column 0 lose half of the square; all have at least one row and column left.
    expect([...sizes].toSorted((a, b) => a - b)).toEqual([1, 2, 4])
  })

  it('is a function of the stream', () => {
    const all = { flip: true, crop: 2, cutout: 2 }
    fc.assert(
      fc.property(fc.string(), (seed) => {
        expect(augmented(all, seed)).toEqual(augmented(all, seed))
      }),
      { numRuns: 20 },
    )
    expect(augmented(all, 'a')).not.toEqual(augmented(all, 'b'))
  })
})

describe('isAugmented', () => {
  it.each([
    { augmentation: noAugmentation, expected: false },
    { augmentation: { ...noAugmentation, flip: true }, expected: true },
    { augmentation: { ...noAugmentation, crop: 4 }, expected: true },
    { augmentation: { ...noAugmentation, cutout: 16 }, expected: true },
  ])('is $expected for $augmentation', ({ augmentation, expected }) => {
    expect(isAugmented(augmentation)).toBe(expected)
  })
})
