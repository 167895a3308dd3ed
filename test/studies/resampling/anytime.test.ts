import { describe, expect, it } from 'vitest'
import { accuracyAt, anytimeCurve, logarithmicTimes } from '../../../src/studies/resampling/anytime.js'
import { replaySearch } from '../../../src/studies/resampling/replay-search.js'
import { fear, fullArm, fullTrainings } from './hand-worked.js'

describe('the accuracy at a time', () => {
  it('is that of the longest search which ends by then, finalists paid for', () => {
    // The searches end after 52, 136, 156, 176 and 184 seconds of compute; see replay-search.test.ts.
    const { stops } = replaySearch(fear, fullTrainings, [0, 1, 2, 3, 4], 2)
    expect(accuracyAt(stops, 'computeSeconds', [51.9, 52, 135, 136, 1000])).toEqual([null, 0.71, 0.71, 0.79, 0.79])
    expect(accuracyAt(stops, 'wallSeconds', [51.9, 52, 83.9, 84])).toEqual([null, 0.71, 0.71, 0.79])
  })

  it('is that of the longer search where the shorter one costs more', () => {
    // After two architectures the finalists are trials 1 and 0, after three trials 1 and 4: 34 + 12 + 13 + 50 + 35 = 144.
    const costly = fullTrainings.map((training, i) =>
      i === 0 ? { ...training, cost: { ...training.cost, computeSeconds: 400 } } : training,
    )
    const { stops } = replaySearch(fear, costly, [0, 1, 4], 1)
    expect(stops.map(({ computeSeconds }) => computeSeconds)).toEqual([412, 496, 144])
    expect(accuracyAt(stops, 'computeSeconds', [143, 144, 412, 500])).toEqual([null, 0.79, 0.79, 0.79])
  })
})

describe('an anytime curve', () => {
  it('has the mean and the interval of the searches, from when all have a network', () => {
    // With 41 equally spaced values, the 2.5 % quantile is the second, the 97.5 % quantile the last but one.
    const searches = Array.from({ length: 41 }, (_, i) => [i === 0 ? null : 0.4, 0.5 + i / 200, 0.6 + i / 200])
    const curve = anytimeCurve(searches, 5)
    expect(curve.mean[0]).toBeNull()
    expect(curve.mean[1]).toBeCloseTo(0.6, 12)
    expect(curve.low[0]).toBeNull()
    expect(curve.low[1]).toBeCloseTo(0.505, 12)
    expect(curve.high[2]).toBeCloseTo(0.795, 12)
    expect(anytimeCurve(searches, 4)).toMatchObject({ mean: curve.mean, low: [null, null, null] })
  })

  it('of full training rises with time for the incumbent by validation accuracy', () => {
    const { stops } = replaySearch(fullArm(fullTrainings), fullTrainings, [3, 0, 1, 4, 2], 1)
    const times = logarithmicTimes(30, 200, 50)
    const accuracies = accuracyAt(stops, 'computeSeconds', times)
    expect(times[0]).toBe(30)
    expect(times.at(-1)).toBeCloseTo(200, 9)
    expect(accuracies[0]).toBe(0.6)
    expect(accuracies.at(-1)).toBe(0.91)
    expect(accuracies).toEqual(accuracies.toSorted())
  })
})
