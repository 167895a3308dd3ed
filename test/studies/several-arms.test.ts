import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TestTask } from '../../src/execution/executor.js'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { createRunDirectory } from '../../src/journal/run-directory.js'
import { networkFiles } from '../../src/results/network-files.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { runStudy, type StudyRun } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { toySurroundings } from '../models/toy-network.js'
import { toyFear, toyNetwork, toyWorld } from '../search/toy-evaluation.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyStudy } from './toy-study.js'

const strategy = { name: 'random', duplicates: 'string' } as const
const options: StudyOptions = {
  ...toyStudy,
  arms: [
    { name: 'strict', strategy, evaluator: { ...toyFear, ratio: 1.2 }, finalists: 2 },
    { name: 'full', strategy, evaluator: { name: 'full-training' }, finalists: 0 },
    { name: 'patient', strategy, evaluator: { ...toyFear, ratio: null, maxEpochs: 11 }, finalists: 2 },
    { name: 'other', strategy: { ...strategy, duplicates: 'isomorphism' }, evaluator: toyFear, finalists: 1 },
  ],
  resampling: { searches: 100, architectures: null, replacement: true },
}

/** A power of two: sums of seconds are exact in any order. */
const world = () => toyWorld(2, () => 1 / 64)

async function study(changes: Partial<StudyOptions> = {}, services: Partial<StudyServices> = {}): Promise<StudyRun> {
  return runStudy({ ...options, ...changes }, { ...world(), ...services })
}

describe('a study of several arms', async () => {
  const { result, arms } = await study()

  it('gives every arm as many trials as the first, and measures each against full training', () => {
    expect(result.arms.map(({ trials }) => trials)).toEqual([30, 30, 30, 30])
    const [strict, full, patient] = result.arms
    expect(result.comparisons.map(({ arm, against }) => `${arm} ${against}`)).toEqual(['strict full', 'patient full'])
    expect(result.comparison).toEqual(result.comparisons[0])
    for (const [i, arm] of [strict, patient].entries()) {
      expect(result.comparisons[i]?.speedup.trainingFlops).toBe((full?.trainingFlops ?? 0) / (arm?.trainingFlops ?? 1))
    }
  })

  it('leaves an arm that proposed other architectures out of comparisons and intervals', () => {
    expect(arms[3]?.trials.map(({ architecture }) => architecture)).not.toEqual(
      arms[1]?.trials.map(({ architecture }) => architecture),
    )
    expect(Object.keys(result.resampling?.arms ?? {})).toEqual(['strict', 'full', 'patient'])
  })

  it('measures every network of the full arm on the test images, and of no other', () => {
    expect(arms.map(({ testAccuracies }) => testAccuracies.size)).toEqual([0, 30, 0, 0])
    for (const { index, architecture } of arms[1]?.trials ?? []) {
      expect(arms[1]?.testAccuracies.get(index)).toBe(Math.fround(toyNetwork(architecture).accuracy))
    }
  })

  it('has intervals around what was measured', () => {
    for (const { arm, speedup, testAccuracyDifference } of result.comparisons) {
      const resampled = result.resampling?.comparisons[arm]
      for (const unit of ['computeSeconds', 'trainingFlops', 'wallSeconds'] as const) {
        expect(resampled?.speedup[unit]?.low).toBeLessThan(speedup[unit])
        expect(resampled?.speedup[unit]?.high).toBeGreaterThan(speedup[unit])
      }
      expect(resampled?.testAccuracyDifference?.low).toBeLessThanOrEqual(testAccuracyDifference ?? Number.NaN)
      expect(resampled?.testAccuracyDifference?.high).toBeGreaterThanOrEqual(testAccuracyDifference ?? Number.NaN)
    }
  })

  it('says how many evaluations go on beyond what was measured: none where nothing was rejected', () => {
    expect(result.resampling?.arms.strict?.extrapolated).toBeGreaterThan(0)
    expect(result.resampling?.arms.strict?.rejected).toBeGreaterThan(5)
    expect(result.resampling?.arms.patient).toMatchObject({ rejected: 0, extrapolated: 0 })
  })

  it('knows how rejected evaluations would have ended from an arm without rejection', async () => {
    const [strict, full] = options.arms as [StudyOptions['arms'][number], StudyOptions['arms'][number]]
    const twin = { ...strict, name: 'twin', evaluator: { ...toyFear, ratio: null } }
    const { resampling } = (await study({ arms: [strict, full, twin] })).result
    expect(resampling?.arms.strict?.extrapolated).toBe(0)
    expect(resampling?.arms.strict?.rejected).toBeGreaterThan(5)
    // Some of those that were taken to go on to the cap reach the threshold before it.
    const [known, guessed] = [resampling, result.resampling].map((one) => one?.arms.strict?.trainingFlops.mean)
    expect(known).not.toBe(guessed)
    expect(known).toBeLessThan(resampling?.arms.twin?.trainingFlops.mean ?? Number.NaN)
  })

  it('costs the full arm nothing more: neither clock nor books know of the measurements', async () => {
    const without = await study({ resampling: null })
    expect(without.result.arms).toEqual(result.arms)
    expect(without.result.comparisons).toEqual(result.comparisons)
    expect(without.result.resampling).toBeNull()
  })

  it.each([
    ['its second arm, with nothing to measure by', 'full', []],
    ['its third arm, with what is finished', 'patient', ['strict']],
  ])('stopped in %s', async (_, arm, compared) => {
    const stop = new AbortController()
    const { result } = await study(
      {},
      {
        stop: stop.signal,
        onEvent: (event) => event.kind === 'trial-finished' && event.arm === arm && event.trial === 9 && stop.abort(),
      },
    )
    expect(result.stopped).toBe(true)
    expect(result.comparisons.map((comparison) => comparison.arm)).toEqual(compared)
    expect(Object.keys(result.resampling?.comparisons ?? {})).toEqual(compared)
  })

  it('measures by the last arm where none trains in full, without intervals', async () => {
    const feared = options.arms.filter(({ name }) => name === 'strict' || name === 'patient')
    const { result, arms } = await study({ arms: feared })
    expect(result.comparisons.map(({ arm, against }) => `${arm} ${against}`)).toEqual(['strict patient'])
    expect(result.resampling).toBeNull()
    expect(arms.map(({ testAccuracies }) => testAccuracies.size)).toEqual([0, 0])
  })
})

describe('a study that was killed while it measured networks', () => {
  const folder = temporaryFolder('arms')
  const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
  const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }

  it('ends with the same result wherever its journal was cut, though its networks are gone', async () => {
    const file = path.join(folder, 'whole.jsonl')
    const session = async (where: string): Promise<StudyRun['result']> => {
      const journal = await openJournal(where)
      try {
        const earlier = replay((await readJournal(where)).events)
        if (earlier === null) await journal.append({ event: 'run.started', schema: 1, command: 'compare', ...about })
        return (await runStudy(options, { ...world(), journal }, earlier)).result
      } finally {
        await journal.close()
      }
    }
    const whole = await session(file)
    const text = readFileSync(file, 'utf8')
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1)
    const tests = ends.filter((end) => text.slice(0, end).trimEnd().split('\n').at(-1)?.includes('test.finished'))
    expect(tests).toHaveLength(30)
    for (const end of [tests[0], tests[11], tests[29], ends.at(-1)]) {
      const cut = path.join(folder, `cut-${end}.jsonl`)
      writeFileSync(cut, text.slice(0, end))
      const { arms, resampling } = await session(cut)
      expect(resampling).toEqual(whole.resampling)
      expect(arms.map(({ wallSeconds: _, ...arm }) => arm)).toEqual(whole.arms.map(({ wallSeconds: _, ...arm }) => arm))
    }
  })

  it('trains nothing again whose network is still a file of the run directory', async () => {
    const directory = await createRunDirectory(path.join(folder, 'run'))
    try {
      await directory.journal.append({ event: 'run.started', schema: 1, command: 'compare', ...about })
      const journalFile = directory.file('journal.jsonl')
      const networks = networkFiles(directory, toySurroundings)
      const first = world()
      const failing = async (task: TestTask): Promise<number> => {
        if (toyNetwork(task.architecture).accuracy > 0.6) throw new Error('the power fails')
        return first.executor.test(task)
      }
      const services = { networks, journal: directory.journal }
      await expect(
        runStudy(
          { ...options, arms: options.arms.slice(1, 3) },
          { ...first, executor: { ...first.executor, test: failing }, ...services },
        ),
      ).rejects.toThrow('the power fails')
      const waiting = readdirSync(directory.path).filter((name) => name.startsWith('trained-full-'))
      expect(waiting.length).toBeGreaterThan(5)

      const earlier = replay((await readJournal(journalFile)).events)
      const second = world()
      const evaluated: string[] = []
      const evaluate: typeof second.executor.evaluate = (task) => {
        if (task.evaluator.name === 'full-training') evaluated.push(task.architecture)
        return second.executor.evaluate(task)
      }
      const { arms, result } = await runStudy(
        { ...options, arms: options.arms.slice(1, 3) },
        { ...second, executor: { ...second.executor, evaluate }, ...services },
        earlier,
      )
      expect(arms[0]?.testAccuracies.size).toBe(30)
      expect(result.resampling).not.toBeNull()
      // The finalists of the other arm alone.
      expect(evaluated).toHaveLength(2)
      expect(readdirSync(directory.path).filter((name) => name.startsWith('trained-'))).toEqual([])
    } finally {
      await directory.close()
    }
  })
})
