import { beforeAll, describe, expect, it } from 'vitest'
import { tinyFear, tinySetup } from '../../src/conformance/executor/tiny-setup.js'
import type { FearOptions } from '../../src/evaluators/fear/options.js'
import type { Outcome } from '../../src/evaluators/outcome.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { systemClock } from '../../src/platform/clock.js'
import type { ArmRun } from '../../src/studies/arm-run.js'
import { fullTrainings, measuredArm } from '../../src/studies/resampling/measure-arm.js'
import { replaySearch } from '../../src/studies/resampling/replay-search.js'
import { runStudy, type StudyRun, workerSetup } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'

/** An outcome without what is measured. */
function withoutSeconds({ cost, phases, ...rest }: Outcome) {
  return { ...rest, flops: cost.trainingFlops, steps: cost.steps, phases: Object.keys(phases) }
}

/** Looked at after every step of 40, 40 and 16 images, and not patient. */
const byWindow: FearOptions = {
  ...tinyFear,
  threshold: 0.8,
  ratio: 1.1,
  stage1: { ...tinyFear.stage1, batch: 40, check: 'window', window: 2 },
}

const found = { threshold: 'auto', calibration: { architectures: 3, epochs: 1, steps: 5 } } as const

describe.each([
  { by: 'epoch', evaluator: tinyFear },
  { by: 'window', evaluator: byWindow },
  { by: 'window to a threshold that is found first', evaluator: { ...byWindow, ...found } },
])('a small comparison with real training, checked by $by', ({ by, evaluator }) => {
  let arms: StudyOptions['arms']
  let threads: StudyRun
  let inProcess: StudyRun

  beforeAll(async () => {
    const { dataset, recipe, timeoutSeconds, ...setup } = await tinySetup()
    const strategy = { name: 'random', duplicates: 'isomorphism' } as const
    const options: StudyOptions = {
      ...setup,
      training: recipe,
      trialTimeoutSeconds: timeoutSeconds,
      trainImages: dataset.train.count,
      seed: 3,
      budget: { trials: 16 },
      resampling: { searches: 40, architectures: null, replacement: true },
      arms: [
        { name: 'fear', strategy, evaluator, finalists: 2 },
        { name: 'full', strategy, evaluator: { name: 'full-training' }, finalists: 0 },
      ],
    }
    arms = options.arms
    const run = async (create: typeof createInProcessExecutor): Promise<StudyRun> => {
      const executor = await create(workerSetup(options, dataset))
      try {
        return await runStudy(options, { executor, clock: systemClock })
      } finally {
        await executor.close()
      }
    }
    threads = await run((setup) => createPiscinaExecutor(setup, { workers: 2 }))
    inProcess = await run((setup) => createInProcessExecutor(setup))
  })

  it('has the same trial tables and the same winners from two threads as from none', () => {
    const tables = ({ arms }: StudyRun) =>
      arms.map(({ trials }) => trials.map(({ outcome, ...trial }) => ({ ...trial, ...withoutSeconds(outcome) })))
    expect(tables(threads)).toEqual(tables(inProcess))
    const calibrations = ({ arms }: StudyRun) =>
      arms.map(({ result }) => result.calibration?.networks.map(({ computeSeconds: _, ...rest }) => rest))
    expect(calibrations(threads)).toEqual(calibrations(inProcess))
    expect(threads.result.arms[0]?.calibration?.threshold).toBe(inProcess.result.arms[0]?.calibration?.threshold)
    if (by !== 'epoch') expect(threads.result.arms[0]?.outcomes.rejected).toBeGreaterThan(0)
    const winners = ({ arms }: StudyRun) => arms.map(({ result, weights }) => ({ best: result.best, weights }))
    expect(winners(threads)).toEqual(winners(inProcess))
    expect(threads.result.comparison?.speedup.trainingFlops).toBe(inProcess.result.comparison?.speedup.trainingFlops)
  })

  it('trains a finalist into the very network that the full-training arm makes of its trial', () => {
    const [fear, full] = threads.arms
    expect(fear?.result.finalists).toHaveLength(2)
    for (const { trial, outcome } of fear?.result.finalists ?? []) {
      const twin = full?.trials[trial]?.outcome
      expect(twin && withoutSeconds(twin)).toEqual(withoutSeconds(outcome))
    }
  })

  it('is replayed from its tables to the FLOP', () => {
    const full = fullTrainings(threads.arms[1] as ArmRun)
    for (const [i, run] of threads.arms.entries()) {
      const { best, outcomes, trainingFlops } = run.result
      const table = measuredArm(arms[i] as StudyOptions['arms'][number], run, 96)
      const replayed = replaySearch(table, full, [...full.keys()], 2)
      const { trial: winner, testAccuracy } = best ?? {}
      expect(replayed.stops.at(-1)).toMatchObject({ trainingFlops, winner, testAccuracy })
      expect(replayed.rejected).toBe(outcomes.rejected)
    }
  })

  it('has the same intervals of work and accuracy from two threads as from none', () => {
    const intervals = ({ result }: StudyRun) =>
      Object.values(result.resampling?.arms ?? {}).map(({ trainingFlops, testAccuracy }) => [
        trainingFlops,
        testAccuracy,
      ])
    expect(intervals(threads)).toHaveLength(2)
    expect(intervals(threads)).toEqual(intervals(inProcess))
  })

  it('hands over networks that do better than guessing on the test images', () => {
    for (const { result } of threads.arms) expect(result.best?.testAccuracy).toBeGreaterThan(0.5)
  })
})
