import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kendall } from '../../src/statistics/kendall.js'
import { rankAgreement } from '../../src/statistics/rank-agreement.js'
import { spearman } from '../../src/statistics/spearman.js'
import { commonRatio, descendingOrder, topCount } from '../../src/statistics/top.js'
import { manyTies } from './many-ties.js'

describe('the best by truth', () => {
  it('are a number rounded down', () => {
    expect([10, 20, 30, 50, 100].map((percent) => topCount(150, percent))).toEqual([15, 30, 45, 75, 150])
    expect(topCount(19, 10)).toBe(1)
    expect(topCount(9, 10)).toBe(0)
  })

  it('come in descending order, equal values in their own', () => {
    expect(descendingOrder([0.5, 0.9, 0.5, 0.7, 0.9])).toEqual([1, 4, 3, 0, 2])
    expect(descendingOrder([])).toEqual([])
  })
})

describe('commonRatio', () => {
  // By truth a b c d e f; by score b f a d c e: the best three are {a, b, c} and {b, f, a}.
  const truth = [6, 5, 4, 3, 2, 1]
  const scores = [7, 9, 3, 5, 1, 8]

  it.each([
    [1, 0],
    [2, 1 / 2],
    [3, 2 / 3],
    [4, 3 / 4],
    [6, 1],
  ])('of the best %i is %f', (count, expected) => {
    expect(commonRatio(truth, scores, count)).toBe(expected)
  })

  it('takes the earlier of equal scores', () => {
    expect(commonRatio([3, 2, 1], [1, 1, 1], 1)).toBe(1)
    expect(commonRatio([1, 2, 3], [1, 1, 1], 1)).toBe(0)
  })

  it('is undefined of none, and refuses what does not exist', () => {
    expect(commonRatio(truth, scores, 0)).toBeNull()
    expect(() => commonRatio(truth, scores, 7)).toThrow(RangeError)
    expect(() => commonRatio(truth, [1], 1)).toThrow(RangeError)
    expect(() => commonRatio([1, Number.NaN], [1, 2], 1)).toThrow(RangeError)
  })
})

describe('rankAgreement', () => {
  it('agrees with a ranking worked out by hand', () => {
    // The best half by truth are a, b, c with scores 7, 9, 3: one pair of three is in the wrong order.
    // Ranks 3 2 1 against 2 3 1: rho = 1 - 6 (1 + 1 + 0) / (3 (9 - 1)) = 1/2, tau = (2 - 1) / 3.
    const [half] = rankAgreement([1, 6, 4, 3, 5, 2], [8, 7, 3, 5, 9, 1], [50])
    expect(half).toMatchObject({ percent: 50, count: 3, commonRatio: 2 / 3 })
    expect(half?.spearman).toBeCloseTo(1 / 2, 12)
    expect(half?.kendall).toBeCloseTo(1 / 3, 12)
  })

  it('agrees with scipy 1.17.1 on 40 architectures with many ties', () => {
    // Made by
    // python3 -c "import math; from scipy.stats import *; n = 40
    // truth = [(i * 17 % 41 * 7 % 23) / 23 for i in range(n)]
    // score = [math.floor(10 * (t + math.sin(5 * i) / 3)) for i, t in enumerate(truth)]
    // by_truth, by_score = (sorted(range(n), key=lambda i: v[i], reverse=True) for v in (truth, score))
    // for x in (10, 20, 30, 40, 50, 100):
    //   k = n * x // 100; t, s = ([v[i] for i in by_truth[:k]] for v in (truth, score))
    //   print(x, k, spearmanr(t, s).statistic, kendalltau(t, s).statistic, len({*by_truth[:k]} & {*by_score[:k]}) / k)"
    const expected = [
      [10, 4, 0.8944271909999159, 0.8164965809277261, 0.5],
      [20, 8, 0.5926377579897538, 0.4803844614152615, 0.625],
      [30, 12, 0.46345884681863453, 0.36065573770491804, 0.75],
      [40, 16, 0.5554742079179785, 0.43555985740255143, 0.8125],
      [50, 20, 0.5795704195977284, 0.45812915598483783, 0.85],
      [100, 40, 0.7837460279277566, 0.6221454759533008, 1],
    ] as const
    const { truth, scores } = manyTies
    const rows = rankAgreement(
      truth,
      scores,
      expected.map(([percent]) => percent),
    )
    for (const [i, [percent, count, rho, tau, ratio]] of expected.entries()) {
      expect(rows[i]).toMatchObject({ percent, count, commonRatio: ratio })
      expect(rows[i]?.spearman).toBeCloseTo(rho, 12)
      expect(rows[i]?.kendall).toBeCloseTo(tau, 12)
    }
  })

  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { maxLength: 30 })

  it('is over everything at 100 %, where the common ratio is 1', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const truth = rows.map(([t]) => t)
        const scores = rows.map(([, s]) => s)
        const [all] = rankAgreement(truth, scores, [100])
        expect(all?.count).toBe(rows.length)
        expect(all?.commonRatio).toBe(rows.length === 0 ? null : 1)
        expectSame(all?.spearman, spearman(truth, scores))
        expectSame(all?.kendall, kendall(truth, scores))
      }),
    )
  })

  it('is perfect where scores are the truth, whatever the ties', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 30 }), (truth) => {
        for (const subset of rankAgreement(truth, truth, [10, 30, 50, 100])) {
          if (subset.count > 0) expect(subset.commonRatio).toBe(1)
          if (subset.spearman !== null) expect(subset.spearman).toBeCloseTo(1, 12)
          if (subset.kendall !== null) expect(subset.kendall).toBeCloseTo(1, 12)
        }
      }),
    )
  })
})

function expectSame(actual: number | null | undefined, expected: number | null): void {
  if (actual == null || expected === null) expect(actual).toBe(expected)
  else expect(actual).toBeCloseTo(expected, 12)
}
