import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { networkSize } from '../../src/networks/size.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { fullTrainings, measuredArm } from '../../src/studies/resampling/measure-arm.js'
import { replaySearch } from '../../src/studies/resampling/replay-search.js'
import { runStudy, type StudyRun } from '../../src/studies/run-study.js'
import type { ArmOptions, StudyOptions } from '../../src/studies/study.js'
import { toyFear, toyWorld } from '../search/toy-evaluation.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyStudy } from './toy-study.js'

const prefilter = { measure: 'synflow', keep: 0.5, pool: 60, batch: 64 } as const
const [fear, full] = toyStudy.arms as [ArmOptions, ArmOptions]
const options: StudyOptions = { ...toyStudy, arms: [{ ...fear, prefilter }, full] }

/** A power of two: sums of seconds are exact in any order. */
const world = (workers = 2) => toyWorld(workers, () => 1 / 64)

function study(changes: Partial<StudyOptions> = {}, services: Partial<StudyServices> = {}): Promise<StudyRun> {
  return runStudy({ ...options, ...changes }, { ...world(), ...services })
}

const trialsOf = ({ arms }: StudyRun) => arms.map(({ trials }) => trials)

describe('an arm with a prefilter', () => {
  it('searches among the kept only, and is charged for the scores', async () => {
    const { arms, result } = await study()
    const [arm, other] = result.arms
    const scored = { measure: 'synflow', pool: 60, scored: 60, kept: 30 }
    expect(arm?.prefilter).toMatchObject(scored)
    const cost = arm?.phases['prefilter/train']
    expect(cost?.computeSeconds).toBeGreaterThan(0)
    expect(arm?.prefilter?.computeSeconds).toBe(cost?.computeSeconds)
    const evaluations = ['evaluation/stage1', 'evaluation/stage2'].map(
      (phase) => arm?.phases[phase]?.computeSeconds ?? 0,
    )
    expect(arm?.evaluationSeconds).toBe(evaluations.reduce((sum, seconds) => sum + seconds, cost?.computeSeconds ?? 0))
    expect(arm?.computeSeconds).toBe((arm?.evaluationSeconds ?? 0) + (arm?.finalistSeconds ?? 0))
    expect(other?.prefilter).toBeNull()
    // As many as are kept: all of them, none twice.
    expect(new Set(arms[0]?.trials.map(({ architecture }) => architecture)).size).toBe(30)
  })

  it('gets no ratio against arms that went elsewhere, and one where all are filtered alike', async () => {
    expect((await study()).result.comparisons).toEqual([])
    const alike = await study({
      arms: [
        { ...fear, prefilter },
        { ...full, prefilter },
      ],
    })
    expect(alike.result.comparison?.speedup.computeSeconds).toBeGreaterThan(0)
  })

  it('has the same trials on 1, 2 and 4 workers', async () => {
    const runs = await Promise.all([1, 2, 4].map((workers) => study({}, world(workers))))
    for (const run of runs) expect(trialsOf(run)).toEqual(trialsOf(runs[0] as StudyRun))
  })

  it('counts it in a budget of compute seconds', async () => {
    const budget = { computeSeconds: 200 }
    const arms = [{ ...fear, prefilter: { ...prefilter, pool: 4 } }]
    const [arm] = (await study({ budget, arms })).result.arms
    const scoring = arm?.prefilter?.computeSeconds ?? 0
    expect(scoring).toBeGreaterThan(200)
    expect(arm).toMatchObject({ endedBy: 'computeSeconds', trials: 0 })
  })

  it('is replayed from its tables with the prefilter paid', async () => {
    const arms = [
      { ...fear, prefilter },
      { ...full, prefilter },
    ]
    const run = await study({ arms, resampling: { searches: 1, architectures: null, replacement: true } })
    const [arm, yardstick] = run.arms as [StudyRun['arms'][number], StudyRun['arms'][number]]
    const trainings = fullTrainings(yardstick)
    const measured = measuredArm(arms[0] as ArmOptions, arm, options.trainImages)
    const [end] = replaySearch(measured, trainings, [...trainings.keys()], 2).stops.slice(-1)
    expect(end?.computeSeconds).toBeCloseTo(arm.result.computeSeconds, 6)
    expect(end?.trainingFlops).toBe(arm.result.trainingFlops)
  })

  it('calibrates on what is left to search', async () => {
    const evaluator = { ...toyFear, threshold: 'auto', calibration: { architectures: 4, epochs: 2, steps: 0 } } as const
    const { arms, result } = await study({ arms: [{ ...fear, prefilter, evaluator }] })
    const kept = new Set(arms[0]?.trials.map(({ architecture }) => architecture))
    expect(result.arms[0]?.calibration?.networks).toHaveLength(4)
    for (const { architecture } of result.arms[0]?.calibration?.networks ?? []) expect(kept).toContain(architecture)
  })

  it('stopped while it scores has a valid partial result', async () => {
    const stop = new AbortController()
    const { result } = await study(
      {},
      {
        stop: stop.signal,
        onEvent: (event) => event.kind === 'prefilter-scored' && event.scored === 9 && stop.abort(),
      },
    )
    expect(result.stopped).toBe(true)
    expect(result.arms).toMatchObject([{ name: 'fear', trials: 0, endedBy: 'stopped', prefilter: null, best: null }])
  })
})

describe('an arm with constraints', () => {
  it('evaluates nothing outside', async () => {
    const constraints = { params: { atMost: 6_000 } }
    const { arms } = await study({ arms: [{ ...fear, constraints }, full] })
    const sizes = arms.map(({ trials }) =>
      trials.map(({ architecture }) => networkSize(natsTss.network(architecture, options.space.macro)).params),
    )
    expect(sizes[0]).toHaveLength(30)
    expect(Math.max(...(sizes[0] ?? []))).toBeLessThanOrEqual(6_000)
    expect(Math.max(...(sizes[1] ?? []))).toBeGreaterThan(6_000)
  })

  it('that nothing meets is an error before anything is done, with the sizes there are', async () => {
    const evaluated: string[] = []
    const onEvent: StudyServices['onEvent'] = ({ kind }) => evaluated.push(kind)
    const arms = [fear, { ...full, constraints: { params: { atMost: 100 } } }]
    await expect(study({ arms }, { onEvent })).rejects.toThrow(
      'No architecture of nats-tss is within constraints (params at most 100) for this data set: its networks have ' +
        '4822 to 23302 params.',
    )
    expect(evaluated).toEqual([])
  })
})

describe('a comparison that was killed', () => {
  const directory = temporaryFolder('prefilter')

  async function session(file: string): Promise<StudyRun> {
    const journal = await openJournal(file)
    try {
      const earlier = replay((await readJournal(file)).events)
      if (earlier === null) {
        const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
        const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }
        await journal.append({ event: 'run.started', schema: 1, command: 'compare', ...about })
      }
      const smaller = { ...prefilter, pool: 20 }
      const budget = { trials: 10 }
      return await runStudy(
        { ...options, budget, arms: [{ ...fear, prefilter: smaller }] },
        { ...world(3), journal },
        earlier,
      )
    } finally {
      await journal.close()
    }
  }

  it('ends with the same, with its journal cut after any line of the prefilter, and scores nothing twice', async () => {
    const file = path.join(directory, 'journal.jsonl')
    const uninterrupted = await session(file)
    const text = readFileSync(file, 'utf8')
    const lines = text.trimEnd().split('\n')
    expect(lines.filter((line) => line.includes('prefilter.scored'))).toHaveLength(20)
    for (let kept = 0; kept <= 22; kept++) {
      const cut = path.join(directory, `cut-${kept}.jsonl`)
      // With half a line behind them, as a crash leaves it.
      writeFileSync(
        cut,
        `${lines
          .slice(0, kept)
          .map((line) => `${line}\n`)
          .join('')}${lines[kept]?.slice(0, 30)}`,
      )
      const resumed = await session(cut)
      expect(trialsOf(resumed)).toEqual(trialsOf(uninterrupted))
      expect(resumed.result.arms[0]?.phases).toEqual(uninterrupted.result.arms[0]?.phases)
      const { events } = await readJournal(cut)
      const scored = events.flatMap((event) => (event.event === 'prefilter.scored' ? [event.candidate] : []))
      expect(scored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    }
  })
})
