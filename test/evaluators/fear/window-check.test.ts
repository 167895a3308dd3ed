import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Evaluation, RejectionReference } from '../../../src/evaluators/evaluator.js'
import { FearEvaluator } from '../../../src/evaluators/fear/fear-evaluator.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { replayTrial } from '../../../src/studies/resampling/replay-trial.js'
import { ScriptedEngine } from '../support/scripted-engine.js'
import { smallContext, smallFear, smallFlops, smallRequest } from '../support/small-world.js'

/** Ten images in batches of 4, 4 and 2. */
const counts = [4, 4, 2] as const
const maxEpochs = 4

interface Settings {
  readonly window?: number
  readonly check?: 'epoch' | 'window'
  readonly options?: Partial<FearOptions>
  readonly cheapest?: () => number
}

/** Evaluates a network with these correct counts, each of whose steps takes a second. */
function run(train: readonly number[], { window = 3, check = 'window', options, cheapest }: Settings = {}): Evaluation {
  const clock = new ManualClock()
  const engine = new ScriptedEngine({ train, onCall: ({ kind }) => kind === 'train' && clock.advance(1) })
  const fear = { ...smallFear, maxEpochs, cost: 'work', ...options } as const
  const rejection: RejectionReference = { cheapest: cheapest ?? (() => Infinity), offer: () => {} }
  return new FearEvaluator({ ...fear, stage1: { ...fear.stage1, check, window } }).evaluate(
    smallRequest,
    smallContext(engine, { clock, rejection }),
  )
}

const cost = (steps: number, epochs: number) => ({
  computeSeconds: steps,
  trainingFlops: Math.round(epochs * 10) * smallFlops.training,
  steps,
  epochs,
})

describe('a threshold checked on a running window', () => {
  it('ends stage 1 in mid-epoch, at the step that reaches it, and charges to there', () => {
    // Windows of three steps: (1 + 2 + 1) / 10, (2 + 1 + 3) / 10 reaches 0.6 in the second epoch's first step.
    const { outcome } = run([1, 2, 1, 3, 4, 2])
    expect(outcome).toMatchObject({ kind: 'scored', stage1: { epochs: 1.4, trainAccuracy: 0.6 } })
    expect(outcome.phases.stage1).toEqual(cost(4, 1.4))
  })

  it('is not asked before a full window has been seen', () => {
    // All right from the start; the third step fills the window, and the epoch.
    const { outcome } = run([4, 4, 2])
    expect(outcome).toMatchObject({ kind: 'scored', stage1: { epochs: 1, trainAccuracy: 1 } })
    expect(outcome.phases.stage1).toEqual(cost(3, 1))
    expect(run([4, 4, 2], { window: 1 }).outcome.phases.stage1).toEqual(cost(1, 0.4))
    expect(run([4, 4, 2, 4], { window: 5 }).outcome.phases.stage1).toEqual(cost(5, 1.8))
  })

  it('may look back over several epochs', () => {
    // Seven steps hold 24 images; 15 of the first 24 are right.
    const { outcome } = run([0, 3, 2, 3, 3, 2, 2, 1], { window: 7 })
    expect(outcome).toMatchObject({ kind: 'scored', stage1: { epochs: 2.4, trainAccuracy: 15 / 24 } })
  })

  it('is asked at the very last step too, and then given up', () => {
    const never = Array.from({ length: 12 }, () => 1)
    expect(run(never).outcome).toEqual({
      kind: 'below-threshold',
      // The batch of two is half right, so every window of three steps, 10 images, has 3.
      bestTrainAccuracy: 0.3,
      cost: cost(12, 4),
      phases: { stage1: cost(12, 4) },
    })
    expect(run([...never.slice(0, 9), 2, 2, 2]).outcome).toMatchObject({ kind: 'scored', stage1: { epochs: 4 } })
  })

  it('refuses a window that no network ever fills', () => {
    expect(() => run([], { window: 13 })).toThrow(/stage1.window must be at most the 12 steps that maxEpochs allows/)
  })
})

describe('rejection after every step', () => {
  it.each([
    // The limit of 4 steps is met by the fourth.
    { unit: 'steps', cheapest: 1, steps: 4, epochs: 1.4 },
    { unit: 'seconds', cheapest: 1.1, steps: 5, epochs: 1.8 },
    // 14 images are met by the fourth step, one FLOP more by the fifth.
    { unit: 'work', cheapest: (14 * smallFlops.training) / 4, steps: 4, epochs: 1.4 },
    { unit: 'work', cheapest: (14 * smallFlops.training + 1) / 4, steps: 5, epochs: 1.8 },
  ] as const)('comes at step $steps for a cheapest of $cheapest $unit', ({ unit, cheapest, steps, epochs }) => {
    const { outcome } = run([1, 1, 1, 1, 1, 1], { options: { cost: unit }, cheapest: () => cheapest })
    expect(outcome).toMatchObject({ kind: 'rejected', limit: 4 * cheapest, unit, bestTrainAccuracy: 0.3 })
    expect(outcome.cost).toEqual(cost(steps, epochs))
  })

  it('may come before the window is full, and then tells the accuracy there was', () => {
    const { outcome } = run([3, 3], { options: { cost: 'steps' }, cheapest: () => 0.5 })
    expect(outcome).toMatchObject({ kind: 'rejected', bestTrainAccuracy: 6 / 8, cost: { steps: 2, epochs: 0.8 } })
  })

  it('spares a network that reaches the threshold at the step that exceeds the limit', () => {
    const { outcome } = run([1, 2, 1, 3], { options: { cost: 'steps' }, cheapest: () => 1 })
    expect(outcome).toMatchObject({ kind: 'scored', stage1: { epochs: 1.4 } })
  })

  it('sees a reference that falls while it trains', () => {
    const falling = [Infinity, Infinity, Infinity, Infinity, 1]
    const { outcome } = run([], { options: { cost: 'steps' }, cheapest: () => falling.shift() ?? 1 })
    expect(outcome).toMatchObject({ kind: 'rejected', limit: 4, cost: { steps: 5 } })
  })
})

/** Correct counts of all steps that the cap allows. */
const sequences = fc.tuple(
  ...Array.from({ length: maxEpochs * 3 }, (_, i) => fc.integer({ min: 0, max: counts[i % 3] as number })),
)
const thresholds = fc.integer({ min: 1, max: 20 }).map((n) => n / 20)
const references = fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 50 * smallFlops.training }))

/** Images of the steps from `first` to before `end`. */
const imagesOf = (first: number, end: number): number =>
  counts.reduce<number>((sum, count, i) => {
    const passes = (until: number): number => Math.floor((until + 2 - i) / 3)
    return sum + count * (passes(end) - passes(first))
  }, 0)

describe('for any network, threshold, window and reference', () => {
  it('stage 1 ends at the first step that reaches the threshold or the limit: never one later', () => {
    fc.assert(
      fc.property(
        sequences,
        thresholds,
        fc.integer({ min: 1, max: 12 }),
        references,
        (train, threshold, window, cheapest) => {
          const { outcome } = run(train, { window, options: { threshold }, cheapest: () => cheapest })
          let expected = { kind: 'below-threshold', steps: 12 }
          for (let steps = 12; steps >= 1; steps--) {
            const first = steps - window
            const right = train.slice(Math.max(0, first), steps).reduce<number>((sum, correct) => sum + correct, 0)
            if (imagesOf(0, steps) * smallFlops.training >= 4 * cheapest) expected = { kind: 'rejected', steps }
            if (first >= 0 && right / imagesOf(first, steps) >= threshold) expected = { kind: 'scored', steps }
          }
          expect({ kind: outcome.kind, steps: outcome.phases.stage1?.steps }).toEqual(expected)
          expect(outcome.phases.stage1?.trainingFlops).toBe(imagesOf(0, expected.steps) * smallFlops.training)
          expect(outcome.phases.stage1?.epochs).toBeCloseTo(imagesOf(0, expected.steps) / 10, 12)
        },
      ),
    )
  })

  it('a window of an epoch sees at the end of each what the check of epochs sees', () => {
    fc.assert(
      fc.property(sequences, thresholds, (train, threshold) => {
        const byEpoch = run(train, { check: 'epoch', options: { threshold } }).outcome
        const byWindow = run(train, { window: 3, options: { threshold } }).outcome
        const [epochs, steps] = [byEpoch, byWindow].map(({ phases }) => phases.stage1?.steps ?? 0) as [number, number]
        // It may be reached in mid-epoch already; where it is not, both end together and are the same to the bit.
        expect(steps).toBeLessThanOrEqual(epochs)
        if (steps % 3 === 0 && byEpoch.kind === 'scored') expect(byWindow).toEqual(byEpoch)
        else expect(byWindow.kind === 'scored' || byEpoch.kind === 'below-threshold').toBe(true)
      }),
    )
  })

  it.each(['window', 'epoch'] as const)('a replay with another reference is what training gives (%s)', (check) => {
    const epoch = check === 'window' ? { steps: 3, batch: 4, images: 10 } : undefined
    const maxChecks = check === 'window' ? 12 : 4
    const rule = { ratio: 4, unit: 'work', lag: 1, maxChecks, epoch } as const
    fc.assert(
      fc.property(sequences, thresholds, references, references, (train, threshold, first, second) => {
        const evaluate = (cheapest: number) => run(train, { check, options: { threshold }, cheapest: () => cheapest })
        const { outcome } = evaluate(first)
        const stage1 = outcome.phases.stage1
        if (stage1 === undefined) expect.fail('no stage 1')
        const checks = check === 'window' ? stage1.steps : stage1.epochs
        const end = outcome.kind === 'scored' ? 'reached' : (outcome.kind as 'rejected' | 'below-threshold')
        const score = outcome.kind === 'scored' ? outcome.score : null
        const replayed = replayTrial({ cost: outcome.cost, score, stage1: { cost: stage1, checks, end } }, rule, second)
        // Nobody knows how a rejected stage 1 would have gone on.
        if (replayed.extrapolated) {
          expect(end).toBe('rejected')
          return
        }
        const truth = evaluate(second).outcome
        expect(replayed.rejected).toBe(truth.kind === 'rejected')
        expect(replayed.cost.trainingFlops).toBe(truth.cost.trainingFlops)
        expect(replayed.cost.steps).toBe(truth.cost.steps)
        expect(replayed.score).toBe(truth.kind === 'scored' ? truth.score : null)
      }),
    )
  })
})
