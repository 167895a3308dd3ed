import { describe, expect, it } from 'vitest'
import type { FearSettings } from '../../src/evaluators/fear/settings.js'
import { noCost } from '../../src/evaluators/outcome.js'
import {
  type CalibratedEvaluator,
  type CalibrationJob,
  calibrate,
  calibrationCost,
} from '../../src/search/calibrate.js'
import type { SearchServices } from '../../src/search/driver.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { toyFear, toyNetwork, toyWorld } from './toy-evaluation.js'
import { type ChangedServices, type WatchedRun, watchedRun } from './watched-run.js'

const auto: FearSettings = { ...toyFear, threshold: 'auto', calibration: { architectures: 7, epochs: 2, steps: 50 } }
const job: CalibrationJob = { arm: 'fear', seed: 7, space: natsTss, classes: 10, evaluator: auto }

const run = (
  changes: Partial<CalibrationJob> = {},
  services?: ChangedServices,
): Promise<WatchedRun<CalibratedEvaluator | null>> =>
  watchedRun((given) => calibrate({ ...job, ...changes }, given), services)

describe('a calibration', () => {
  it('takes the median of different connected networks, trained as stage 1 would train them', async () => {
    const { result, tasks } = await run()
    expect(tasks).toHaveLength(7)
    expect(new Set(tasks.map(({ architecture }) => natsTss.canonical(architecture, 'isomorphism'))).size).toBe(7)
    for (const { architecture, evaluator } of tasks) {
      expect(natsTss.isConnected(architecture)).toBe(true)
      const { maxEpochs, stage1 } = toyFear
      expect(evaluator).toEqual({ name: 'calibration', epochs: 2, steps: 50, maxEpochs, stage1 })
    }
    expect(new Set(tasks.map(({ trialSeed }) => trialSeed.join(' '))).size).toBe(7)
    const accuracies = tasks.map(({ architecture }) => toyNetwork(architecture).accuracy).toSorted((a, b) => a - b)
    const { calibration: _, ...settings } = auto
    expect(result?.evaluator).toEqual({ ...settings, threshold: accuracies[3] })
  })

  it('is the same whatever the number of workers, and another with another seed', async () => {
    const [one, ...others] = await Promise.all([1, 2, 3, 16].map((workers) => run({}, { workers })))
    for (const { result } of others) expect(result).toEqual(one?.result)
    expect((await run({ seed: 8 })).result?.calibration?.threshold).not.toBe(one?.result?.calibration?.threshold)
  })

  it('is booked as the arm’s calibration, and told when it starts and ends', async () => {
    const { result, ledger, events } = await run()
    const calibration = result?.calibration
    if (calibration == null) expect.fail('not calibrated')
    expect(ledger.total('fear', 'calibration')).toEqual(calibrationCost(calibration))
    expect(ledger.total('fear', 'evaluation')).toEqual(noCost)
    expect(events).toEqual([
      { kind: 'calibration-started', arm: 'fear', architectures: 7 },
      { kind: 'calibration-finished', arm: 'fear', ...calibration, cost: calibrationCost(calibration) },
    ])
  })

  it('that an earlier session did is taken over and booked, and not done again', async () => {
    const first = await run()
    const again = await run({ earlier: first.result?.calibration })
    expect(again.result).toEqual(first.result)
    expect(again.ledger.phases('fear')).toEqual(first.ledger.phases('fear'))
    expect(again.tasks).toEqual([])
    expect(again.events).toEqual([])
  })

  it('is not needed by an evaluator that has its threshold, or none', async () => {
    const { calibration: _, ...settings } = auto
    const given = await run({ evaluator: { ...auto, threshold: 0.4 } })
    expect(given.result).toEqual({ evaluator: { ...settings, threshold: 0.4 }, calibration: null })
    const full = { name: 'full-training' } as const
    expect((await run({ evaluator: full })).result).toEqual({ evaluator: full, calibration: null })
    expect(given.tasks).toEqual([])
  })

  it('that is stopped ends without a threshold, and starts no more networks', async () => {
    const stop = new AbortController()
    const { executor } = toyWorld(2)
    const stopping: SearchServices['executor'] = {
      ...executor,
      evaluate(task) {
        stop.abort()
        return executor.evaluate(task)
      },
    }
    const { result, tasks, events } = await run({}, { executor: stopping, stop: stop.signal })
    expect(result).toBeNull()
    expect(tasks.length).toBeLessThan(3)
    expect(events.map(({ kind }) => kind)).toEqual(['calibration-started'])
  })

  it.each([
    { kind: 'diverged', phase: 'train', epoch: 0 },
    { kind: 'timed-out', limitSeconds: 5 },
    { kind: 'failed', message: 'the worker is gone' },
  ] as const)('ends the run with a reason where a network is $kind, and starts no more', async (ending) => {
    const { executor } = toyWorld(1)
    let evaluated = 0
    const failing: SearchServices['executor'] = {
      ...executor,
      evaluate: async (task) =>
        ++evaluated === 3
          ? { outcome: { ...ending, cost: noCost, phases: { train: noCost } } }
          : executor.evaluate(task),
    }
    await expect(run({}, { workers: 1, executor: failing })).rejects.toThrow(
      "calibration of FEAR's threshold failed at |",
    )
    expect(evaluated).toBe(3)
  })

  it('of a space without a connected network is an error', async () => {
    const none = { ...natsTss, isConnected: () => false }
    await expect(run({ space: none })).rejects.toThrow('no network to calibrate with')
  })
})
