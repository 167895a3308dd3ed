import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kendall } from '../../src/statistics/kendall.js'
import { spearman } from '../../src/statistics/spearman.js'

const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number

const largeX = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 1009)
const largeY = largeX.map((x, i) => ((i * i * 31 + x) % 997) - Math.floor(x / 2))

/**
 * Values of scipy 1.17.1, made by
 * `python3 -c "from scipy.stats import *; x, y = [1,2,2], [2,1,3]; print(spearmanr(x, y).statistic, kendalltau(x, y).statistic)"`
 * with each case's x and y; for the infinities the Spearman of `rankdata(x), rankdata(y)`; the large sample is
 * `x = [i * 7919 % 1009 for i in range(20000)]; y = [(i * i * 31 + x[i]) % 997 - x[i] // 2 for i in range(20000)]`.
 */
const cases = [
  { what: 'no ties', x: [1, 2, 3, 4, 5], y: [5, 6, 7, 8, 7.5], rho: 0.9, tau: 0.8 },
  {
    what: 'ties in both',
    x: [1, 2, 2, 3, 3, 3, 4, 5],
    y: [2, 1, 2, 2, 5, 5, 4, 4],
    rho: 0.5987382600578689,
    tau: 0.42562826537937437,
  },
  {
    what: 'negative values and a tie',
    x: [-3.5, -1, 0, 2.25, -7, 9, -1],
    y: [4, -2, -2, -8, 0, -10, 3],
    rho: -0.8454545454545456,
    tau: -0.75,
  },
  { what: 'reversed order', x: [1, 2, 3, 4], y: [4, 3, 2, 1], rho: -1, tau: -1 },
  { what: 'two pairs', x: [1, 2], y: [0.5, -0.5], rho: -1, tau: -1 },
  {
    what: 'infinities',
    x: [NEGATIVE_INFINITY, 0, 1, POSITIVE_INFINITY],
    y: [1, 0, POSITIVE_INFINITY, 2],
    rho: 0.6,
    tau: 1 / 3,
  },
  { what: 'a large sample with many ties', x: largeX, y: largeY, rho: -0.4107617080074571, tau: -0.2828182796861893 },
]

describe.each(cases)('agrees with scipy: $what', ({ x, y, rho, tau }) => {
  it('spearman', () => expect(spearman(x, y)).toBeCloseTo(rho, 12))
  it('kendall', () => expect(kendall(x, y)).toBeCloseTo(tau, 12))
})

/** Few distinct values, so that ties are common; pairs, so that both samples are equally long. */
const pairs = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), { maxLength: 40 })
const untied = fc.uniqueArray(fc.double({ noNaN: true }), { minLength: 2, maxLength: 40 })

const columns = (rows: readonly (readonly [number, number])[]) =>
  [rows.map(([x]) => x), rows.map(([, y]) => y)] as const
const negate = (value: number | null) => (value === null ? null : -value)

function expectClose(actual: number | null, expected: number | null): void {
  if (actual === null || expected === null) expect(actual).toBe(expected)
  else expect(actual).toBeCloseTo(expected, 12)
}

describe.each([
  ['spearman', spearman],
  ['kendall', kendall],
])('%s', (_, correlation) => {
  it('lies in -1..1, or is null', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const value = correlation(...columns(rows))
        expect(value === null || Math.abs(value) <= 1).toBe(true)
      }),
    )
  })

  it('is symmetric', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = columns(rows)
        expectClose(correlation(x, y), correlation(y, x))
      }),
    )
  })

  it('changes its sign when one sample does', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = columns(rows)
        const negated = x.map((value) => -value)
        expectClose(correlation(negated, y), negate(correlation(x, y)))
      }),
    )
  })

  it('is unchanged by a growing function of one sample', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = columns(rows)
        const grown = x.map((value) => Math.exp(value) + value ** 3)
        expectClose(correlation(grown, y), correlation(x, y))
      }),
    )
  })

  it('is unchanged when the pairs are shuffled', () => {
    fc.assert(
      fc.property(
        pairs.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, shuffled]) => expectClose(correlation(...columns(shuffled)), correlation(...columns(rows))),
      ),
    )
  })

  it('of a sample without ties is 1 with itself and -1 with its reverse order', () => {
    fc.assert(
      fc.property(untied, (values) => {
        // -0 and 0 are different to uniqueArray, equal to us.
        fc.pre(new Set(values.map((value) => value + 0)).size === values.length)
        const reversed = values.map((value) => -value)
        expect(correlation(values, values)).toBeCloseTo(1, 12)
        expect(correlation(values, reversed)).toBeCloseTo(-1, 12)
      }),
    )
  })

  it.each([
    { what: 'no pairs', x: [], y: [] },
    { what: 'one pair', x: [1], y: [2] },
    { what: 'a constant first sample', x: [3, 3, 3], y: [1, 2, 3] },
    { what: 'a constant second sample', x: [1, 2, 3], y: [0, 0, 0] },
  ])('of $what is null', ({ x, y }) => expect(correlation(x, y)).toBeNull())

  it('throws on NaN and on unequal lengths', () => {
    expect(() => correlation([1, 2], [1, Number.NaN])).toThrow(
      new RangeError('value 1 of 2 is NaN; drop missing values first'),
    )
    expect(() => correlation([1, 2], [1])).toThrow(new RangeError('paired samples must be equally long, got 2 and 1'))
  })
})

/** Tau-b by its definition, pair by pair. */
function kendallByDefinition(x: readonly number[], y: readonly number[]): number | null {
  let difference = 0
  let untiedX = 0
  let untiedY = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const dx = Math.sign((x[i] as number) - (x[j] as number))
      const dy = Math.sign((y[i] as number) - (y[j] as number))
      difference += dx * dy
      untiedX += dx * dx
      untiedY += dy * dy
    }
  }
  return untiedX * untiedY === 0 ? null : difference / Math.sqrt(untiedX * untiedY)
}

it('kendall agrees with its definition', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const [x, y] = columns(rows)
      expectClose(kendall(x, y), kendallByDefinition(x, y))
    }),
    { numRuns: 500 },
  )
})
