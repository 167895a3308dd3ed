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
    // For the sample 0, 10, 20, 40, 80: the resamples {0 0 0 0 0}, {0 10 20 40 80}, {80 80 80 80 80} and {40 40 40 10 0}
    // with the sums 0, 150, 400 and 130. Sorted 0 130 150 400: a quarter and three quarters of the way from the first to
    // the last of four lie at 0.75 and 2.25: 0 + 0.75 * 130 and 150 + 0.25 * 250.
    const rng = scripted([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 3, 3, 3, 1, 0])
    const [sum] = bootstrapIntervals({ count: 5, resamples: 4, rng, level: 0.5 }, (positions) => [
      pick([0, 10, 20, 40, 80], positions).reduce((a, b) => a + b),
    ])
    expect(sum?.low).toBeCloseTo(97.5, 12)
    expect(sum?.high).toBeCloseTo(212.5, 12)
  })

  it('gives no bounds of fewer than five items: all that two or three can do is repeat themselves', () => {
    const interval = (count: number) =>
      bootstrapIntervals({ count, resamples: 1000, rng: createRng(1) }, (positions) => [mean([...positions])])[0]
    for (const count of [1, 2, 3, 4]) expect(interval(count)).toMatchObject({ low: null, high: null })
    expect(interval(5)?.low).toBeLessThan(interval(5)?.high ?? 0)
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
    const [often, seldom, never] = bootstrapIntervals({ count: 5, resamples: 100, rng: createRng(1) }, () => {
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
