import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measuredArm, fullTrainings as measuredTrainings } from '../../../src/studies/resampling/measure-arm.js'
import { replaySearch } from '../../../src/studies/resampling/replay-search.js'
import { runStudy } from '../../../src/studies/run-study.js'
import type { StudyOptions } from '../../../src/studies/study.js'
import { toyFear, toyWorld } from '../../search/toy-evaluation.js'
import { toyStudy } from '../toy-study.js'
import { cost, fear, fullArm, fullTrainings } from './hand-worked.js'

describe('a search replayed by hand', () => {
  it('in the order in which it was measured', () => {
    // Rejection. The first two trials have none two places before them. From the third on the cheapest is the first
    // one's 10 and the limit 20: trial 2 meets it in its second epoch, as it did; trial 3 in its fourth, 4 x 5; trial 4
    // is at 6 after the one epoch without the threshold.
    // Two workers. Trial 0 takes 0-12, 1 0-34; trial 2 waits for trial 0 and takes 12-32, trial 3 waits for trial 1 and
    // takes 34-54, trial 4 takes 34-47. Then trials 1 and 4, best by score, are trained at the same time, 50 and 35.
    expect(replaySearch(fear, fullTrainings, [0, 1, 2, 3, 4], 2)).toEqual({
      stops: [
        { computeSeconds: 12 + 40, trainingFlops: 52, wallSeconds: 12 + 40, winner: 0, testAccuracy: 0.71 },
        { computeSeconds: 46 + 90, trainingFlops: 136, wallSeconds: 34 + 50, winner: 1, testAccuracy: 0.79 },
        { computeSeconds: 66 + 90, trainingFlops: 156, wallSeconds: 34 + 50, winner: 1, testAccuracy: 0.79 },
        { computeSeconds: 86 + 90, trainingFlops: 176, wallSeconds: 54 + 50, winner: 1, testAccuracy: 0.79 },
        // Trial 4 does as well as trial 1 in validation; the earlier one is handed over.
        { computeSeconds: 99 + 85, trainingFlops: 184, wallSeconds: 54 + 50, winner: 1, testAccuracy: 0.79 },
      ],
      rejected: 2,
      extrapolated: 0,
    })
  })

  it('in another order', () => {
    // Trial 2 comes first, and nothing rejects it: beyond its two measured epochs it goes on to the cap, 4 x 10. Trial 3
    // has its four epochs. Only the last has something to be compared with, trial 4's 12: trial 1 stays below 24 in its
    // first two epochs and reaches the threshold in its third.
    // Trial 2 takes 0-40, 3 0-20, 4 waits for trial 2: 40-53; 0 40-52; 1 waits for trial 4: 53-87; then 50.
    const { stops, ...rest } = replaySearch(fear, fullTrainings, [2, 3, 4, 0, 1], 2)
    expect(rest).toEqual({ rejected: 0, extrapolated: 1 })
    expect(stops.map(({ winner }) => winner)).toEqual([null, null, 4, 4, 4])
    expect(stops[1]).toEqual({
      computeSeconds: 60,
      trainingFlops: 60,
      wallSeconds: 40,
      winner: null,
      testAccuracy: null,
    })
    expect(stops.at(-1)).toEqual({
      computeSeconds: 119 + 85,
      trainingFlops: 204,
      wallSeconds: 87 + 50,
      winner: 4,
      testAccuracy: 0.82,
    })
  })

  it('in which a trial is given up that was not', () => {
    // Trial 1 has cost 20 after its second epoch, where the limit is; its third, and its stage 2, are never paid.
    const { stops, rejected } = replaySearch(fear, fullTrainings, [0, 3, 1], 1)
    expect(rejected).toBe(1)
    expect(stops.at(-1)).toMatchObject({ computeSeconds: 12 + 20 + 20 + 40, winner: 0 })
  })

  it('with a trial drawn twice, which is paid twice and trained in full once', () => {
    const end = replaySearch(fear, fullTrainings, [4, 4, 0], 1).stops.at(-1)
    expect(end).toMatchObject({ computeSeconds: 13 + 13 + 12 + 35 + 40, wallSeconds: 113, winner: 4 })
  })

  it('with a calibration, which is paid once and comes first', () => {
    const { stops } = replaySearch({ ...fear, fixedCost: cost(7) }, fullTrainings, [0, 1, 2, 3, 4], 2)
    expect(stops.at(-1)).toMatchObject({ computeSeconds: 191, trainingFlops: 191, wallSeconds: 111 })
  })

  it('by full training', () => {
    // Two workers: 0-40, 0-50, 40-85, 50-80, 80-115.
    const { stops } = replaySearch(fullArm(fullTrainings), fullTrainings, [0, 1, 2, 3, 4], 2)
    expect(stops.map(({ computeSeconds }) => computeSeconds)).toEqual([40, 90, 135, 165, 200])
    expect(stops.map(({ wallSeconds }) => wallSeconds)).toEqual([40, 50, 85, 85, 115])
    expect(stops.map(({ testAccuracy }) => testAccuracy)).toEqual([0.71, 0.79, 0.91, 0.91, 0.91])
  })
})

describe('a search replayed in its own order', () => {
  const arms: StudyOptions['arms'] = [
    { ...toyStudy.arms[0], name: 'fear', evaluator: { ...toyFear, ratio: 1.5 } } as StudyOptions['arms'][number],
    ...toyStudy.arms.slice(1),
  ]

  it('is the search that was measured, whatever the seed and the number of workers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 10 }), async (seed, workers) => {
        // A power of two: sums of seconds are exact in any order.
        const { clock, executor } = toyWorld(workers, () => 1 / 64)
        const options = { ...toyStudy, seed, arms, resampling: { searches: 1, architectures: null, replacement: true } }
        const run = await runStudy(options, { clock, executor })
        const full = measuredTrainings(run.arms[1] as (typeof run.arms)[number])
        for (const [i, arm] of run.arms.entries()) {
          const measured = measuredArm(arms[i] as (typeof arms)[number], arm, toyStudy.trainImages)
          const replayed = replaySearch(measured, full, [...full.keys()], workers)
          const { computeSeconds, trainingFlops, wallSeconds, best, outcomes } = arm.result
          const { trial: winner, testAccuracy } = best ?? {}
          expect(replayed.stops.at(-1)).toEqual({ computeSeconds, trainingFlops, wallSeconds, winner, testAccuracy })
          expect(replayed).toMatchObject({ rejected: outcomes.rejected, extrapolated: 0 })
        }
      }),
      { numRuns: 25 },
    )
  })
})
