import { expect, it } from 'vitest'
import { defaultFearOptions } from '../../../src/evaluators/fear/settings.js'
import type { Cost, Outcome } from '../../../src/evaluators/outcome.js'
import { createRng } from '../../../src/platform/rng.js'
import type { ArmRun } from '../../../src/studies/arm-run.js'
import { drawIndices } from '../../../src/studies/resampling/draw.js'
import { resampleStudy } from '../../../src/studies/resampling/resample-study.js'
import type { StudyOptions } from '../../../src/studies/study.js'
import { toyStudy } from '../toy-study.js'

/** An epoch has nine steps of ten images and a last one of five. */
const trainImages = 95
const stage1 = { ...defaultFearOptions.stage1, batch: 10, check: 'window', window: 3 } as const
const rejecting = { ...defaultFearOptions, stage1, ratio: 2, cost: 'seconds', maxEpochs: 5 } as const

/** An image costs a second and a FLOP. */
function costOf(images: number, steps: number): Cost {
  return { computeSeconds: images, trainingFlops: images, steps, epochs: images / trainImages }
}

/** `after` is the cost of what follows stage 1, in seconds and FLOPs. */
function scored(cost: Cost, score: number, after = 0): Outcome {
  const stage2 = { ...costOf(after, 0), epochs: 0 }
  return {
    kind: 'scored',
    score,
    metric: 'train-accuracy',
    trainAccuracy: score,
    validationAccuracy: score,
    cost: { ...cost, computeSeconds: cost.computeSeconds + after, trainingFlops: cost.trainingFlops + after },
    phases: { stage1: cost, stage2 },
  }
}

/** The fast one reaches the threshold in its first epoch, after 6 steps of 10 images. */
const fast = scored(costOf(60, 6), 0.6, 4)
/** The slow one in its third, after 95 + 95 + 5 x 10 images; with rejection it ends at step 13: see below. */
const slow = scored(costOf(240, 25), 0.9, 4)
const given: Outcome = {
  kind: 'rejected',
  cost: costOf(125, 13),
  phases: { stage1: costOf(125, 13) },
  limit: 120,
  unit: 'seconds',
  bestTrainAccuracy: 0.3,
}

/** What resampling reads of an arm that has run. */
function armRun(name: string, outcomes: readonly Outcome[]): ArmRun {
  return {
    result: { name, stopped: false, phases: {}, calibration: null, prefilter: null } as unknown as ArmRun['result'],
    trials: outcomes.map((outcome, index) => ({ index, architecture: `architecture ${index}`, outcome })),
    testAccuracies: new Map(name === 'full' ? outcomes.map((_, index) => [index, 0.5]) : []),
    weights: null,
  }
}

const runs = [
  armRun('fear', [fast, given]),
  armRun('patient', [fast, slow]),
  armRun('full', [scored(costOf(1000, 100), 0.7), scored(costOf(2000, 200), 0.8)]),
]

/** A search over both, in the order that the seed gives. */
function replayed(order: readonly number[]) {
  const seed = [1, 2, 3, 4, 5, 6, 7, 8].find(
    (one) => `${drawIndices(2, 2, false, createRng(one, 'resampling', 0))}` === `${order}`,
  )
  if (seed === undefined) return expect.fail(`no seed gives the order ${order}`)
  const arm = { strategy: { name: 'random', duplicates: 'string' }, finalists: 1 } as const
  const options: StudyOptions = {
    ...toyStudy,
    seed,
    trainImages,
    arms: [
      { ...arm, name: 'fear', evaluator: rejecting },
      { ...arm, name: 'patient', evaluator: { ...rejecting, ratio: null } },
      { ...arm, name: 'full', evaluator: { name: 'full-training' }, finalists: 0 },
    ],
    resampling: { searches: 1, architectures: null, replacement: false },
  }
  const { fear, patient } = resampleStudy(options, runs, 1)?.arms ?? {}
  const figures = (one: typeof fear) => [one?.trainingFlops.mean, one?.rejected, one?.extrapolated]
  return { fear: figures(fear), patient: figures(patient) }
}

it('cuts a trial that is taken from the arm without rejection at a step, where cost is checked at each step', () => {
  // The fast one comes first: 60 in stage 1 and 4 after it. The limit for the slow one is 2 x 60 = 120. It has cost 95
  // after the 10 steps of its first epoch, 115 after step 12 and 125 after step 13, where it is rejected. The fast one is
  // then trained in full, for 1000. Seen only as epochs end, the slow one would not be rejected before it has cost
  // 95 + 95 = 190, and the search would cost at least 1254.
  expect(replayed([0, 1]).fear).toEqual([60 + 4 + 125 + 1000, 1, 0])
  // The slow one comes first, with nothing to compare it with, and has the score of the other arm: 240 + 4. The limit for
  // the fast one is 480. The slow one has the better score and is trained in full, for 2000.
  expect(replayed([1, 0]).fear).toEqual([240 + 4 + 60 + 4 + 2000, 0, 0])
  // The other arm rejects nothing in either order.
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    expect(replayed(order).patient).toEqual([240 + 4 + 60 + 4 + 2000, 0, 0])
  }
})
