import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvaluationTask } from '../../src/execution/executor.js'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { runStudy } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { toyFear, toyWorld } from '../search/toy-evaluation.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyStudy } from './toy-study.js'

const duplicates = 'isomorphism'
const asha = { name: 'asha', duplicates, eta: 2 } as const
const free = { ...toyFear, ratio: null }
const calibration = { architectures: 5, epochs: 2, steps: 0 }
const options: StudyOptions = {
  ...toyStudy,
  arms: [
    {
      name: 'to-full',
      strategy: asha,
      lowerFidelities: [
        { ...free, threshold: 'auto', calibration },
        { ...free, maxEpochs: 11 },
      ],
      evaluator: { name: 'full-training' },
      finalists: 0,
    },
    {
      name: 'to-fear',
      strategy: { name: 'successive-halving', duplicates, eta: 2, initial: 8 },
      lowerFidelities: [free],
      evaluator: { ...free, maxEpochs: 11 },
      finalists: 2,
    },
    { name: 'full', strategy: { name: 'random', duplicates }, evaluator: { name: 'full-training' }, finalists: 0 },
  ],
  resampling: { searches: 20, architectures: null, replacement: true },
}

/** A power of two: sums of seconds are exact in any order. */
const world = () => toyWorld(2, () => 1 / 64)

describe('a comparison with searches over fidelities', async () => {
  const tasks: EvaluationTask[] = []
  const { clock, executor } = world()
  const watched: StudyServices['executor'] = {
    ...executor,
    evaluate(task) {
      tasks.push(task)
      return executor.evaluate(task)
    },
  }
  const { arms, result } = await runStudy(options, { clock, executor: watched })
  const [toFull, toFear, full] = result.arms

  it('hands over a network of the last fidelity, whatever the scores of those below', () => {
    const trial = arms[0]?.trials[toFull?.best?.trial ?? -1]
    expect(trial?.fidelity).toBe(2)
    const last = arms[0]?.trials.flatMap(({ fidelity, outcome }) =>
      fidelity === 2 && outcome.kind === 'scored' ? [outcome.score] : [],
    )
    expect(toFull?.best?.score).toBe(Math.max(...(last ?? [])))
    expect(toFull?.best?.testAccuracy).not.toBeNull()
  })

  it('has fronts of the last fidelity alone: trainings and scores of those below are no match for it', () => {
    const atLast = (arm: number, last: number): number =>
      arms[arm]?.trials.filter(({ fidelity, outcome }) => fidelity === last && outcome.kind === 'scored').length ?? 0
    expect(toFull?.pareto).toMatchObject({ accuracy: { of: 'trials', networks: atLast(0, 2) }, score: null })
    expect(toFear?.pareto.accuracy).toMatchObject({ of: 'finalists', networks: 2 })
    expect(toFear?.pareto.score?.networks).toBe(atLast(1, 1))
    for (const { trial } of toFear?.pareto.score?.params ?? []) expect(arms[1]?.trials[trial]?.fidelity).toBe(1)
  })

  it('trains finalists of the highest fidelity in full, each from the seeds of its first trial', () => {
    const chosen = toFear?.finalists.map(({ trial }) => arms[1]?.trials[trial]) ?? []
    expect(chosen.map((trial) => trial?.fidelity)).toEqual([1, 1])
    for (const trial of chosen) {
      const same = tasks.filter(({ architecture, trialSeed }) => {
        return architecture === trial?.architecture && trialSeed[2] === trial.origin
      })
      expect(same.map(({ evaluator }) => evaluator.name)).toContain('full-training')
    }
  })

  it('says what each fidelity cost, to the last second', () => {
    expect(toFull?.evaluator).toBe('fear + fear + full-training')
    expect(toFull?.fidelities?.map(({ evaluator }) => evaluator)).toEqual(['fear', 'fear', 'full-training'])
    expect(toFull?.fidelities?.reduce((sum, { trials }) => sum + trials, 0)).toBe(30)
    for (const [i, { computeSeconds }] of (toFull?.fidelities ?? []).entries()) {
      const own = Object.entries(toFull?.phases ?? {}).filter(([phase]) =>
        phase.startsWith(`evaluation/fidelity-${i}/`),
      )
      expect(own.reduce((sum, [, cost]) => sum + cost.computeSeconds, 0)).toBe(computeSeconds)
    }
    expect(full?.fidelities).toBeUndefined()
  })

  it('finds the threshold of the fidelity that asks for one', () => {
    const { threshold, networks } = toFull?.calibration ?? {}
    expect(networks).toHaveLength(5)
    const first = tasks.find(({ evaluator }) => evaluator.name === 'fear')
    expect(first?.evaluator).toMatchObject({ threshold })
    expect(
      tasks.find(({ evaluator }) => evaluator.name === 'fear' && evaluator.maxEpochs === 11)?.evaluator,
    ).toMatchObject({ threshold: toyFear.threshold })
  })

  it('gives no speed-up and no intervals, and takes the arm that trains all in full for the yardstick', () => {
    expect(result.comparisons).toEqual([])
    expect(result.resampling).toBeNull()
    expect(arms.map(({ testAccuracies }) => testAccuracies.size)).toEqual([0, 0, 30])
  })
})

describe('a comparison with searches over fidelities that was killed', () => {
  const folder = temporaryFolder('fidelities')
  const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
  const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }

  const session = async (file: string) => {
    const journal = await openJournal(file)
    try {
      const earlier = replay((await readJournal(file)).events)
      if (earlier === null) await journal.append({ event: 'run.started', schema: 1, command: 'compare', ...about })
      const { result } = await runStudy(options, { ...world(), journal }, earlier)
      return result.arms.map((arm) => ({ ...arm, wallSeconds: 0 }))
    } finally {
      await journal.close()
    }
  }

  it('ends with the same result, the networks trained again included', async () => {
    const whole = path.join(folder, 'whole.jsonl')
    const expected = await session(whole)
    const text = readFileSync(whole, 'utf8')
    const cut = path.join(folder, 'cut.jsonl')
    for (const [i, { index }] of [...text.matchAll(/\n/g)].entries()) {
      if (i % 7 > 0) continue
      writeFileSync(cut, text.slice(0, index + 1))
      expect(await session(cut)).toEqual(expected)
    }
  })
})
