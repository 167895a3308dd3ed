import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../../src/platform/rng.js'
import { percentileInterval } from '../../../src/statistics/interval.js'
import { drawIndices } from '../../../src/studies/resampling/draw.js'
import type { FullTraining, MeasuredArm, MeasuredTrial } from '../../../src/studies/resampling/measured-arm.js'
import { replaySearch } from '../../../src/studies/resampling/replay-search.js'
import { resample } from '../../../src/studies/resampling/resample.js'
import { cost, fear, fullArm, fullTrainings } from './hand-worked.js'

const world = { seed: 5, workers: 2 }

/** A short training whose score is the validation accuracy that full training will have, so that it finds the best. */
function shortArm(name: string, flops: number, isGood: boolean): MeasuredArm {
  const score = ({ validationAccuracy }: FullTraining): number => (validationAccuracy ?? 0) * (isGood ? 1 : -1)
  return {
    name,
    trainsInFull: false,
    isShortTraining: true,
    finalists: 1,
    fixedCost: cost(0),
    rejection: null,
    trials: fullTrainings.map((training) => ({ cost: cost(flops), score: score(training), stage1: null })),
  }
}

const epochs = fc.integer({ min: 1, max: 6 })
const accuracy = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100)
const fearTrial: fc.Arbitrary<MeasuredTrial> = fc
  .record({
    epochs,
    flopsPerEpoch: fc.integer({ min: 1, max: 100 }),
    score: accuracy,
    end: fc.constantFrom('reached' as const, 'rejected' as const, 'below-threshold' as const),
  })
  .map(({ epochs: needed, flopsPerEpoch, score, end }) => {
    const checks = end === 'below-threshold' ? 6 : needed
    const stage1 = { cost: cost(checks * flopsPerEpoch, checks), checks, end }
    const reached = end === 'reached'
    return { cost: cost(stage1.cost.trainingFlops + (reached ? 5 : 0)), score: reached ? score : null, stage1 }
  })
const training: fc.Arbitrary<FullTraining> = fc
  .record({ flops: fc.integer({ min: 1, max: 1000 }), validation: fc.option(accuracy, { freq: 9 }), test: accuracy })
  .map(({ flops, validation, test }) => ({
    cost: cost(flops),
    validationAccuracy: validation,
    testAccuracy: validation === null ? null : test,
  }))
/** Trial tables of both arms, in which searches may end without a network. */
const tables = fc.array(fc.record({ trial: fearTrial, training }), { minLength: 2, maxLength: 25 }).map((rows) => ({
  arm: {
    ...fear,
    rejection: { ratio: 2, unit: 'work', lag: 3, maxChecks: 6 },
    trials: rows.map(({ trial }) => trial),
  } as MeasuredArm,
  full: rows.map((row) => row.training),
}))
const seeds = fc.integer({ min: 1, max: 1e6 })

describe('resampled searches', () => {
  it('are the replays of the named draws, paired', () => {
    const searches = 60
    const options = { searches, architectures: 2, replacement: false }
    const result = resample([fear, fullArm(fullTrainings)], fullTrainings, options, world)
    const ends = Array.from({ length: searches }, (_, search) => {
      const draw = drawIndices(5, 2, false, createRng(5, 'resampling', search))
      return [fear, fullArm(fullTrainings)].map((arm) => replaySearch(arm, fullTrainings, draw, 2).stops.at(-1))
    })
    // A search without a network in one of the arms is compared with nothing.
    const both = ends.filter(([a, b]) => a?.testAccuracy != null && b?.testAccuracy != null)
    const ratios = both.map(([a, b]) => (b?.trainingFlops ?? 0) / (a?.trainingFlops ?? 0))
    const differences = both.map(([a, b]) => (a?.testAccuracy ?? 0) - (b?.testAccuracy ?? 0))
    expect(both.length).toBeLessThan(searches)
    expect(new Set(ratios).size).toBeGreaterThan(5)
    expect(result.comparisons.fear?.speedup.trainingFlops).toEqual(percentileInterval(ratios))
    expect(result.comparisons.fear?.testAccuracyDifference).toEqual(percentileInterval(differences))
    expect(result).toMatchObject({ searches, architectures: 2, measured: 5, against: 'full', workers: 2 })
    expect(result.arms.fear?.withoutNetwork).toBe(searches - both.length)
    expect(result.comparisons.fear?.leftOut).toBe(searches - both.length)
  })

  it('are the same for the same seed, and others for another', () => {
    const options = { searches: 20, architectures: null, replacement: true }
    const arms = [fear, fullArm(fullTrainings)]
    const once = resample(arms, fullTrainings, options, world)
    expect(resample(arms, fullTrainings, options, world)).toEqual(once)
    expect(resample(arms, fullTrainings, options, { ...world, seed: 6 })).not.toEqual(once)
  })

  it('of an arm with itself have a speed-up of exactly 1 and a difference of exactly 0', () => {
    fc.assert(
      fc.property(tables, seeds, fc.boolean(), ({ full }, seed, replacement) => {
        const options = { searches: 50, architectures: null, replacement }
        const arms = [fullArm(full), fullArm(full, 'again')]
        const { comparisons } = resample(arms, full, options, { seed, workers: 3 })
        const { leftOut, speedup, testAccuracyDifference } = comparisons.again ?? {}
        const figures = Object.values(speedup ?? {})
        expect(figures).toHaveLength(3)
        if (leftOut === options.searches) {
          expect([...figures, testAccuracyDifference]).toEqual([null, null, null, null])
          return
        }
        for (const figure of figures) expect(figure?.mean).toBe(1)
        for (const bound of figures.flatMap((figure) => [figure?.low, figure?.high])) expect([1, null]).toContain(bound)
        expect(testAccuracyDifference?.mean).toBe(0)
      }),
    )
  })

  it('over all architectures, where nothing is rejected, spend what was measured, in whatever order', () => {
    fc.assert(
      fc.property(tables, seeds, ({ arm, full }, seed) => {
        const patient = { ...arm, rejection: null, trials: withDistinctScores(arm.trials) }
        const arms = [patient, fullArm(full)]
        const options = { searches: 40, architectures: null, replacement: false }
        const measured = arms.map(
          (one) => replaySearch(one, full, [...full.keys()], 1).stops.at(-1)?.trainingFlops ?? 0,
        )
        const { speedup } = resample(arms, full, options, { seed, workers: 1 }).comparisons.fear ?? {}
        const ratio = (measured[1] ?? 0) / (measured[0] ?? 0)
        const hasNetworks = full.some(
          ({ validationAccuracy }, i) => validationAccuracy !== null && isLeader(patient, i),
        )
        if (!hasNetworks) {
          expect(speedup?.trainingFlops).toBeNull()
          return
        }
        const { mean, low, high } = speedup?.trainingFlops ?? {}
        expect(mean).toBeCloseTo(ratio, 9)
        for (const bound of [low, high]) {
          if (full.length < 5) expect(bound).toBeNull()
          else expect(bound).toBeCloseTo(ratio, 9)
        }
      }),
    )
  })

  it('cost a worker no less wall-clock time than compute time, and many workers no more', () => {
    fc.assert(
      fc.property(tables, seeds, fc.integer({ min: 2, max: 9 }), ({ arm, full }, seed, workers) => {
        const options = { searches: 10, architectures: null, replacement: true }
        const one = resample([arm, fullArm(full)], full, options, { seed, workers: 1 })
        const many = resample([arm, fullArm(full)], full, options, { seed, workers })
        for (const name of ['fear', 'full']) {
          const [alone, together] = [one.arms[name], many.arms[name]]
          expect(alone?.wallSeconds.mean).toBeCloseTo(alone?.computeSeconds.mean ?? Number.NaN, 6)
          expect(together?.wallSeconds.mean).toBeLessThanOrEqual((alone?.wallSeconds.mean ?? 0) + 1e-6)
          expect(together?.computeSeconds).toEqual(alone?.computeSeconds)
        }
      }),
    )
  })

  it('refuses tables of different lengths, and arms none of which trains in full', () => {
    const options = { searches: 1, architectures: null, replacement: true }
    expect(() => resample([fear, fullArm(fullTrainings.slice(1))], fullTrainings, options, world)).toThrow('4 trials')
    expect(() => resample([fear], fullTrainings, options, world)).toThrow('trains in full')
    expect(() => resample([fullArm([])], [], options, world)).toThrow('no trial')
  })
})

describe('the yardstick at equal accuracy', () => {
  const options = { searches: 50, architectures: null, replacement: false }

  it('is the cheapest short training that finds networks as good on average', () => {
    const arms = [
      fear,
      fullArm(fullTrainings),
      shortArm('dear', 30, true),
      shortArm('fair', 20, true),
      shortArm('bad', 1, false),
    ]
    const { comparisons, arms: described } = resample(arms, fullTrainings, options, world)
    // Both good ones always hand over the very best; the cheapest of all hands over the worst.
    expect(described.bad?.testAccuracy?.mean).toBeCloseTo(0.6, 12)
    expect(described.fair?.testAccuracy?.mean).toBeCloseTo(0.91, 12)
    const equal = comparisons.fear?.equalAccuracy
    expect(equal?.against).toBe('fair')
    // All architectures at 20 FLOPs and one finalist of 45.
    const ratio = (equal?.speedup.trainingFlops?.mean ?? 0) * (described.fear?.trainingFlops.mean ?? 0)
    expect(ratio).toBeGreaterThan(145 * 0.95)
    expect(ratio).toBeLessThan(145 * 1.1)
    expect(comparisons.fair?.equalAccuracy).toBeNull()
  })

  it('is null where no short training is as accurate', () => {
    const arms = [fear, fullArm(fullTrainings), shortArm('bad', 1, false)]
    expect(resample(arms, fullTrainings, options, world).comparisons.fear?.equalAccuracy).toBeNull()
  })
})

describe('a draw', () => {
  it('without replacement is a subset in any order, with replacement any indices', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), seeds, (measured, part, seed) => {
        const count = 1 + (part % measured)
        const subset = drawIndices(measured, count, false, createRng(seed))
        expect(new Set(subset).size).toBe(count)
        expect(Math.max(...subset)).toBeLessThan(measured)
        const any = drawIndices(measured, 3 * measured, true, createRng(seed))
        expect(any).toHaveLength(3 * measured)
        expect(Math.max(...any)).toBeLessThan(measured)
      }),
    )
    expect(() => drawIndices(3, 4, false, createRng(1))).toThrow(RangeError)
  })
})

/** Whether a trial is among the finalists of an arm that rejects nothing. */
function isLeader({ finalists, trials }: MeasuredArm, index: number): boolean {
  const best = [...trials.keys()]
    .filter((i) => trials[i]?.score !== null)
    .toSorted((a, b) => (trials[b]?.score ?? 0) - (trials[a]?.score ?? 0))
  return best.slice(0, finalists).includes(index)
}

/** No ties: which of equal scores is trained in full depends on the order. */
function withDistinctScores(trials: readonly MeasuredTrial[]): readonly MeasuredTrial[] {
  return trials.map((trial, i) => (trial.score === null ? trial : { ...trial, score: trial.score + i / 1e6 }))
}
