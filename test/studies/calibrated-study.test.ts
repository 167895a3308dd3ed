import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { fullTrainings, measuredArm } from '../../src/studies/resampling/measure-arm.js'
import { replaySearch } from '../../src/studies/resampling/replay-search.js'
import { runStudy, type StudyRun } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { toyFear, toyWorld } from '../search/toy-evaluation.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyStudy } from './toy-study.js'

const auto = { ...toyFear, threshold: 'auto', calibration: { architectures: 5, epochs: 2, steps: 0 } } as const
const [fear, full] = toyStudy.arms as [StudyOptions['arms'][number], StudyOptions['arms'][number]]
const options: StudyOptions = { ...toyStudy, arms: [{ ...fear, evaluator: auto }, full] }

/** A power of two: sums of seconds are exact in any order. */
const world = (workers = 2) => toyWorld(workers, () => 1 / 64)

function study(changes: Partial<StudyOptions> = {}, services: Partial<StudyServices> = {}): Promise<StudyRun> {
  return runStudy({ ...options, ...changes }, { ...world(), ...services })
}

describe('a comparison with a threshold to be found', () => {
  it('charges the arm for it, and says what was found', async () => {
    const { result } = await study()
    const plain = (await runStudy(toyStudy, world())).result
    const [arm, other] = result.arms
    const { calibration } = arm ?? {}
    expect(calibration?.networks).toHaveLength(5)
    const accuracies = calibration?.networks.map(({ trainAccuracy }) => trainAccuracy).toSorted((a, b) => a - b)
    expect(calibration?.threshold).toBe(accuracies?.[2])
    // The toy's evaluations do not depend on the threshold, so that the calibration is all the difference.
    expect(arm?.evaluationSeconds).toBe((plain.arms[0]?.evaluationSeconds ?? 0) + (calibration?.computeSeconds ?? 0))
    expect(arm?.trainingFlops).toBe((plain.arms[0]?.trainingFlops ?? 0) + (calibration?.trainingFlops ?? 0))
    expect(arm?.computeSeconds).toBe((arm?.evaluationSeconds ?? 0) + (arm?.finalistSeconds ?? 0))
    expect(arm?.phases['calibration/train']?.trainingFlops).toBe(calibration?.trainingFlops)
    expect(arm?.wallSeconds).toBeGreaterThan(plain.arms[0]?.wallSeconds ?? Infinity)
    expect(other?.calibration).toBeNull()
  })

  it('counts it in a budget of compute seconds', async () => {
    const computeSeconds = 200
    const [arm] = (await study({ budget: { computeSeconds } })).result.arms
    const [plain] = (await runStudy({ ...toyStudy, budget: { computeSeconds } }, world())).result.arms
    expect(arm?.endedBy).toBe('computeSeconds')
    expect(arm?.trials).toBeLessThan(plain?.trials ?? 0)
  })

  it('is replayed from its tables with the calibration paid, whatever the seed and the number of workers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 8 }), async (seed, workers) => {
        const resampling = { searches: 1, architectures: null, replacement: true }
        const run = await runStudy({ ...options, seed, resampling }, world(workers))
        const [arm, yardstick] = run.arms as [StudyRun['arms'][number], StudyRun['arms'][number]]
        const trainings = fullTrainings(yardstick)
        const measured = measuredArm(options.arms[0] as StudyOptions['arms'][number], arm, options.trainImages)
        const replayed = replaySearch(measured, trainings, [...trainings.keys()], workers)
        const { computeSeconds, trainingFlops, wallSeconds } = arm.result
        expect(replayed.stops.at(-1)).toMatchObject({ computeSeconds, trainingFlops, wallSeconds })
      }),
      { numRuns: 15 },
    )
  })

  it('stopped while it looks for the threshold has a valid partial result', async () => {
    const stop = new AbortController()
    const { result } = await study(
      {},
      { stop: stop.signal, onEvent: (event) => event.kind === 'calibration-started' && stop.abort() },
    )
    expect(result.stopped).toBe(true)
    expect(result.arms).toMatchObject([{ name: 'fear', trials: 0, endedBy: 'stopped', calibration: null, best: null }])
  })
})

describe('a study that was killed around its calibration', () => {
  const folder = temporaryFolder('calibration')
  const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
  const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }

  const session = async (file: string, calibrated: { count: number } = { count: 0 }): Promise<StudyRun['result']> => {
    const journal = await openJournal(file)
    try {
      const earlier = replay((await readJournal(file)).events)
      if (earlier === null) await journal.append({ event: 'run.started', schema: 1, command: 'compare', ...about })
      const onEvent: StudyServices['onEvent'] = ({ kind }) => {
        if (kind === 'calibration-started') calibrated.count++
      }
      return (await runStudy(options, { ...world(), journal, onEvent }, earlier)).result
    } finally {
      await journal.close()
    }
  }
  const withoutWallSeconds = ({ arms }: StudyRun['result']) => arms.map((arm) => ({ ...arm, wallSeconds: 0 }))

  it('ends with the same threshold and result; before the event it is found anew, after it it is not', async () => {
    const file = path.join(folder, 'whole.jsonl')
    const whole = withoutWallSeconds(await session(file))
    const text = readFileSync(file, 'utf8')
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).event).slice(0, 3)).toEqual([
      'run.started',
      'calibration.finished',
      'trial.started',
    ])
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1)
    const [afterStart = 0, afterCalibration = 0] = ends
    const cuts = [
      { at: afterStart, again: 1 },
      { at: afterStart + 9, again: 1 },
      { at: afterCalibration - 1, again: 1 },
      { at: afterCalibration, again: 0 },
      { at: ends[2], again: 0 },
      { at: ends[20], again: 0 },
      { at: text.length, again: 0 },
    ]
    for (const { at, again } of cuts) {
      const cut = path.join(folder, 'cut.jsonl')
      writeFileSync(cut, text.slice(0, at))
      const calibrated = { count: 0 }
      expect(withoutWallSeconds(await session(cut, calibrated))).toEqual(whole)
      expect(calibrated.count).toBe(again)
      const { events } = await readJournal(cut)
      expect(events.filter(({ event }) => event === 'calibration.finished')).toHaveLength(1)
    }
  })
})
