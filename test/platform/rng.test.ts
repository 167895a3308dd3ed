import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquare, chiSquareLimits, tally } from '../../src/conformance/chi-square.js'
import type { Rng } from '../../src/platform/rng.js'
import { createRng, seedText } from '../../src/platform/rng.js'

const stream = (): Rng => createRng('run', 7, 'trial', 12, 'weights')

/**
 * These numbers must never change: every recorded run depends on them. A failure here means that old runs can no
 * longer be repeated, so mend the code, not the numbers.
 */
describe('golden values', () => {
  it('of next', () => {
    const rng = stream()
    expect([rng.next(), rng.next(), rng.next()]).toEqual([0.8610361442904894, 0.5462402287956266, 0.45139469405332655])
  })

  it('of nextFloat', () => {
    const rng = stream()
    expect([rng.nextFloat(), rng.nextFloat(), rng.nextFloat()]).toEqual([
      0.8610361441969872, 0.40158912795595825, 0.8374985714908689,
    ])
  })

  it('of integer', () => {
    const rng = stream()
    expect([1, 2, 3, 4, 5].map(() => rng.integer(1000))).toEqual([861, 546, 451, 710, 333])
  })

  it('of normal', () => {
    const rng = stream()
    // Close, not equal: the standard lets the last bit of a logarithm and a cosine differ between JavaScript engines.
    expect(rng.normal()).toBeCloseTo(-1.903463916330495, 13)
    expect(rng.normal()).toBeCloseTo(-0.266785969858503, 13)
  })

  it('of permutation', () => {
    expect([...stream().permutation(8)]).toEqual([5, 4, 0, 1, 7, 2, 3, 6])
  })

  it('of a fork', () => {
    expect(stream().fork('a', 1).next()).toBe(0.8087911024908134)
  })
})

describe('uniformity', () => {
  it('of integer', () => {
    const rng = createRng('integers')
    expect(chiSquare(tally(10, 20_000, () => rng.integer(10)))).toBeLessThan(chiSquareLimits[9])
  })

  it('of permutation: all 24 orders of four are alike likely', () => {
    const rng = createRng('permutations')
    const orders = [...new Set(Array.from({ length: 1_000 }, () => rng.permutation(4).join()))]
    expect(orders).toHaveLength(24)
    const counts = tally(24, 24_000, () => orders.indexOf(rng.permutation(4).join()))
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[23])
  })

  it('of next and nextFloat, which lie in [0, 1)', () => {
    const rng = createRng('floats')
    for (const draw of [() => rng.next(), () => rng.nextFloat()]) {
      const counts = tally(10, 10_000, () => Math.floor(draw() * 10))
      expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[9])
    }
  })
})

it('draws normal numbers with mean 0, variance 1 and no skew', () => {
  const rng = createRng('normal')
  const n = 50_000
  const draws = Array.from({ length: n }, () => rng.normal())
  const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / n
  // Four standard errors: sqrt of Var(x^k)/n, with Var x = 1, Var x^2 = 2, Var x^3 = 15.
  expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / n))
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n))
})

it('permutation holds each of 0..n-1 once', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.string(), (n, seed) => {
      const sorted = [...createRng(seed).permutation(n)].sort((a, b) => a - b)
      expect(sorted).toEqual(Array.from({ length: n }, (_, i) => i))
    }),
  )
})

describe('fork', () => {
  it('neither advances its parent nor depends on how far the parent has gone', () => {
    const parent = createRng('parent')
    const before = parent.fork('child').next()
    const untouched = createRng('parent')
    expect(parent.next()).toBe(untouched.next())
    expect(parent.fork('child').next()).toBe(before)
  })

  it('is the stream of the joined names', () => {
    expect(createRng('a').fork('b', 3).next()).toBe(createRng('a', 'b', 3).next())
    expect(createRng('a').fork('b').fork(3).next()).toBe(createRng('a', 'b', 3).next())
  })

  it('gives streams that are uncorrelated with the parent and with one another', () => {
    const n = 5_000
    const parent = createRng('streams')
    const streams = [parent.fork(0), parent.fork(1), parent.fork('0', 0), parent]
    const draws = streams.map((rng) => Array.from({ length: n }, () => rng.next() - 0.5))
    for (const [i, a] of draws.entries()) {
      for (const b of draws.slice(i + 1)) {
        // The covariance of uniform numbers has standard error 1 / (12 sqrt n); four of them.
        const covariance = a.reduce((sum, x, k) => sum + x * (b[k] as number), 0) / n
        expect(Math.abs(covariance)).toBeLessThan(4 / (12 * Math.sqrt(n)))
      }
    }
  })
})

it('seedText gives different texts to different lists of parts', () => {
  // Few letters, those that matter to the escaping, so that near collisions do occur.
  const part = fc.string({ unit: fc.constantFrom('a', '/', '\\'), maxLength: 4 })
  const parts = fc.array(part, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(seedText(a) === seedText(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
    { numRuns: 5_000 },
  )
})

it('seedText takes a number for its decimal text', () => {
  expect(seedText(['trial', 12])).toBe(seedText(['trial', '12']))
})
