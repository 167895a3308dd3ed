import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseImages } from '../../src/datasets/choose-images.js'
import { classCounts } from '../../src/datasets/class-balance.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { ConfigError, DataError } from '../../src/platform/errors.js'

/** Images of nothing but labels, `sizes[c]` of class c in the training and two of each in the test images. */
function images(sizes: readonly number[]): RawImages {
  const split = (counts: readonly number[]) => {
    const labels = Uint8Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)))
    return { count: labels.length, pixels: new Uint8Array(labels.length), labels }
  }
  return {
    classNames: sizes.map((_, i) => `kind ${i}`),
    channels: 1,
    height: 1,
    width: 1,
    train: split(sizes),
    test: split(sizes.map(() => 2)),
  }
}

const request = { name: 'unequal', train: 0, validation: 3, test: 0, size: null, seed: 1 }
const labelsOf = (raw: RawImages, chosen: Uint32Array) => ({
  labels: Uint8Array.from(chosen, (image) => raw.train.labels[image] as number),
})

describe('classes of unequal size', () => {
  const raw = images([20, 9, 14])

  it('are all used where everything is asked for', () => {
    const { train, validation } = chooseImages(request, raw)
    expect([...train, ...validation].toSorted((a, b) => a - b)).toEqual([...new Array(43).keys()])
    expect(classCounts(labelsOf(raw, train), 3)).toEqual([19, 8, 13])
    // What cannot be balanced comes last.
    expect(classCounts(labelsOf(raw, train.subarray(0, 24)), 3)).toEqual([8, 8, 8])
  })

  it('give balanced splits of any number that can be balanced', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sizes, a, b) => {
          const unequal = images(sizes)
          const classes = sizes.length
          const even = classes * Math.min(...sizes)
          // Every class keeps an image for training.
          const validation = 1 + Math.floor(a * (even - classes - 1))
          const train = classes + Math.floor(b * (even - validation - classes))
          const chosen = chooseImages({ ...request, train, validation }, unequal)
          expect(new Set([...chosen.train, ...chosen.validation]).size).toBe(train + validation)
          for (const split of [chosen.train, chosen.validation]) {
            const counts = classCounts(labelsOf(unequal, split), sizes.length)
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          }
          const more = chooseImages({ ...request, train: 0, validation }, unequal)
          expect([...more.train.subarray(0, train)]).toEqual([...chosen.train])
        },
      ),
    )
  })

  it.each([
    ['more than can be balanced', { train: 25 }, 'unequal has 27 images for training and validation that are balanced'],
    ['the way out', { train: 25 }, 'Set data.train to at most 24, or to 0 for all that is left, balanced or not.'],
    ['too large a validation', { validation: 28 }, 'Lower data.validation.'],
    ['too many test images', { test: 7 }, 'unequal has 6 test images, but data.test asks for 7.'],
  ])('are refused for %s', (_, change, message) => {
    expect(() => chooseImages({ ...request, ...change }, raw)).toThrow(ConfigError)
    expect(() => chooseImages({ ...request, ...change }, raw)).toThrow(message)
  })

  it('keep an image each, or are refused with numbers that work', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 })
    const law = fc.property(
      sizes,
      fc.nat({ max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      (counts, train, validation) => {
        const unequal = images(counts)
        let asked = { ...request, train, validation }
        // One piece of advice after the other.
        for (let tries = 0; tries < 8; tries++) {
          try {
            const chosen = chooseImages(asked, unequal)
            expect(classCounts(labelsOf(unequal, chosen.train), counts.length)).not.toContain(0)
            return
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error
            const advice = /Set data\.(train|validation) to at (?:most|least) (\d+)/.exec(error.message)
            if (advice === null) {
              expect(error.message).toMatch(/Lower data\.validation\.$|Add images of it, or leave the class out\.$/)
              return
            }
            asked = { ...asked, [String(advice[1])]: Number(advice[2]) }
          }
        }
        throw new Error(`the advice leads nowhere: ${JSON.stringify(asked)}`)
      },
    )
    fc.assert(law, { numRuns: 500 })
  })

  it('are named where none is left for training', () => {
    expect(() => chooseImages({ ...request, train: 2 }, raw)).toThrow(
      new ConfigError(
        'unequal has 3 classes, and data.train of 2 leaves no training image of class 0 (kind 0). Set data.train to at ' +
          'least 3, or to 0 for all that is left.',
      ),
    )
    expect(() => chooseImages({ ...request, validation: 6 }, images([9, 2, 9]))).toThrow(
      'unequal has 2 training images of its smallest class, and data.validation of 6 leaves no training image of class 1 ' +
        '(kind 1). Set data.validation to at most 3.',
    )
    expect(() => chooseImages(request, images([9, 1, 9]))).toThrow(
      'unequal has 1 training image of its smallest class, and data.validation of 3 leaves no training image of class 1 ' +
        '(kind 1). Add images of it, or leave the class out.',
    )
  })

  it('have labels of their number', () => {
    const wrong = { ...raw, test: { ...raw.test, labels: raw.test.labels.map((label) => label * 2) } }
    expect(() => chooseImages(request, wrong)).toThrow(new DataError('unequal: test image 4 has label 4, not 0..2.'))
    expect(() => chooseImages(request, images([9]))).toThrow('unequal has 1 class, but needs at least 2.')
  })

  it('must have an image each', () => {
    expect(() => chooseImages(request, images([4, 0, 4]))).toThrow(DataError)
    expect(() => chooseImages(request, images([4, 0, 4]))).toThrow(
      'unequal: there are no training images of class kind 1. Add some, or remove the class.',
    )
  })
})

describe('validation images of its own', () => {
  const own = images([4, 6, 5])
  const raw: RawImages = { ...images([20, 9, 14]), validation: own.train }

  it('are used instead of training images, which all stay for training', () => {
    const { train, validation, test } = chooseImages({ ...request, validation: 12 }, raw)
    expect(train.toSorted()).toEqual(Uint32Array.from({ length: 43 }, (_, i) => i))
    expect(classCounts(labelsOf(own, validation), 3)).toEqual([4, 4, 4])
    expect(test).toHaveLength(6)
  })

  it('are chosen by the seed', () => {
    const chosen = [1, 2, 1].map((seed) => [...chooseImages({ ...request, validation: 3, seed }, raw).validation])
    expect(chosen[2]).toEqual(chosen[0])
    expect(chosen[1]).not.toEqual(chosen[0])
  })

  it('cannot be more than there are of each class', () => {
    expect(() => chooseImages({ ...request, validation: 13 }, raw)).toThrow(
      new ConfigError(
        'unequal has 12 validation images of its own that are balanced over its classes, but data.validation asks for 13. ' +
          'Set data.validation to at most 12.',
      ),
    )
  })
})
