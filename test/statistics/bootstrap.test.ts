import { describe, expect, it } from 'vitest'
import { createRng, type Rng } from '../../src/platform/rng.js'
import { bootstrapIntervals } from '../../src/statistics/bootstrap.js'
import { kendall } from '../../src/statistics/kendall.js'
import { mean } from '../../src/statistics/sample.js'
import { spearman } from '../../src/statistics/spearman.js'
import { manyTies } from './many-ties.js'

const pick = (values: readonly number[], positions: Uint32Array): number[] =>
  Array.from(positions, (position) => values[position] as number)

/** Draws these integers, one after the other. */
function scripted(draws: readonly number[]): Rng {
  const queue = draws.values()
  return { ...createRng('unused'), integer: () => queue.next().value as number }
}

describe('bootstrapIntervals', () => {
  it('gives the interval worked out by hand', () => {
    // Of the sample 10, 20, 40 the resamples {10 10 20}, {40 40 40}, {20 20 20}, {10 40 40} and {10 20 40} with the
    // sums 40, 120, 60, 90 and 70. Sorted 40 60 70 90 120: a tenth and nine tenths of the way from the first to the
    // last of five lie at 0.4 and 3.6: 40 + 0.4 * 20 and 90 + 0.6 * 30.
    const rng = scripted([0, 0, 1, 2, 2, 2, 1, 1, 1, 0, 2, 2, 0, 1, 2])
    const [sum] = bootstrapIntervals({ count: 3, resamples: 5, rng, level: 0.8 }, (positions) => [
      pick([10, 20, 40], positions).reduce((a, b) => a + b),
    ])
    expect(sum?.low).toBeCloseTo(48, 12)
    expect(sum?.high).toBeCloseTo(108, 12)
  })

  it('comes near scipy, which draws other resamples', () => {
    // scipy 1.17.1, with truth and score as in rank-agreement.test.ts:
    // python3 -c "...; import numpy as np; rng = np.random.default_rng(1)
    // for f in spearmanr, kendalltau:
    //   print(bootstrap((truth, score), lambda a, b: f(a, b).statistic, paired=True, vectorized=False,
    //     method='percentile', n_resamples=100000, rng=rng, batch=1000).confidence_interval)
    // print(bootstrap((truth,), np.mean, method='percentile', n_resamples=200000, rng=rng).confidence_interval)"
    const expected = [
      [0.6278728774763073, 0.8760189918598104],
      [0.48881768835336137, 0.7371814410985609],
      [0.3902173913043478, 0.5728260869565217],
    ] as const
    const { truth, scores } = manyTies
    const options = { count: truth.length, resamples: 10_000, rng: createRng('bootstrap') }
    const intervals = bootstrapIntervals(options, (positions) => {
      const t = pick(truth, positions)
      const s = pick(scores, positions)
      return [spearman(t, s), kendall(t, s), mean(t)]
    })
    // The standard error of a 2.5 % quantile of 10,000 of these statistics is about 0.002.
    for (const [i, [low, high]] of expected.entries()) {
      expect(Math.abs((intervals[i]?.low ?? Number.NaN) - low)).toBeLessThan(0.01)
      expect(Math.abs((intervals[i]?.high ?? Number.NaN) - high)).toBeLessThan(0.01)
    }
  })

  it('is a function of the seed', () => {
    const run = (seed: string) =>
      bootstrapIntervals({ count: 40, resamples: 50, rng: createRng(seed) }, (positions) => [
        mean(pick(manyTies.truth, positions)),
      ])
    expect(run('a')).toEqual(run('a'))
    expect(run('a')).not.toEqual(run('b'))
  })

  it('is null where a statistic is often undefined, and leaves out the few times that it is', () => {
    let call = 0
    const [often, seldom, never] = bootstrapIntervals({ count: 2, resamples: 100, rng: createRng(1) }, () => {
      call++
      return [call % 2 === 0 ? null : 1, call % 20 === 0 ? null : 1, null]
    })
    expect(often).toBeNull()
    expect(seldom).toMatchObject({ low: 1, high: 1 })
    expect(never).toBeNull()
  })

  it('of no resamples there are none', () => {
    expect(bootstrapIntervals({ count: 3, resamples: 0, rng: createRng(1) }, () => [1])).toEqual([])
  })
})
