import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import type { SearchEvent } from '../../src/search/search-event.js'
import { kendall } from '../../src/statistics/kendall.js'
import { spearman } from '../../src/statistics/spearman.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { runStudy, type StudyRun } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { toyNetwork, toyWorld } from '../search/toy-evaluation.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyStudy } from './toy-study.js'

const options = toyStudy

async function study(
  changes: Partial<StudyOptions> = {},
  services: Partial<StudyServices> = {},
): Promise<StudyRun & { readonly events: readonly SearchEvent[] }> {
  const { clock, executor } = toyWorld(2)
  const events: SearchEvent[] = []
  const run = await runStudy(
    { ...options, ...changes },
    { clock, executor, onEvent: (event) => events.push(event), ...services },
  )
  return { ...run, events }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}

describe('a comparison of FEAR with full training', async () => {
  const { result, arms, events } = await study()
  const [fear, full] = result.arms
  const [fearTrials = [], fullTrials = []] = arms.map(({ trials }) => trials)

  it('evaluates the same architectures in both arms', () => {
    expect(fearTrials).toHaveLength(30)
    expect(fullTrials.map(({ architecture }) => architecture)).toEqual(
      fearTrials.map(({ architecture }) => architecture),
    )
  })

  it('charges an arm for every evaluation, whatever came of it, and for its finalists', () => {
    const kinds = new Set(fearTrials.map(({ outcome }) => outcome.kind))
    expect(kinds).toEqual(new Set(['scored', 'rejected', 'below-threshold']))
    expect(fear?.evaluationSeconds).toBeCloseTo(sum(fearTrials.map(({ outcome }) => outcome.cost.computeSeconds)), 9)
    const finalistCosts = fear?.finalists.map(({ outcome }) => outcome.cost) ?? []
    expect(finalistCosts).toHaveLength(3)
    expect(fear?.finalistSeconds).toBeCloseTo(sum(finalistCosts.map(({ computeSeconds }) => computeSeconds)), 9)
    expect(fear?.computeSeconds).toBe((fear?.evaluationSeconds ?? 0) + (fear?.finalistSeconds ?? 0))
    expect(fear?.trainingFlops).toBe(
      sum([...fearTrials.map(({ outcome }) => outcome.cost), ...finalistCosts].map((cost) => cost.trainingFlops)),
    )
    expect(full?.finalistSeconds).toBe(0)
    expect(full?.trainingFlops).toBe(
      sum(fearTrials.map(({ architecture }) => 40 * toyNetwork(architecture).flopsPerEpoch)),
    )
    expect(sum(Object.values(fear?.phases ?? {}).map(({ trainingFlops }) => trainingFlops))).toBe(fear?.trainingFlops)
  })

  it('counts outcomes', () => {
    for (const arm of result.arms) expect(sum(Object.values(arm.outcomes))).toBe(30)
    expect(full?.outcomes.scored).toBe(30)
    expect(fear?.outcomes.rejected).toBe(fearTrials.filter(({ outcome }) => outcome.kind === 'rejected').length)
  })

  it('hands over the best finalist, and of full training the best of all', () => {
    const scored = fearTrials.filter(({ outcome }) => outcome.kind === 'scored')
    const best = Math.max(...scored.map(({ architecture }) => toyNetwork(architecture).accuracy))
    expect(fear?.best?.validationAccuracy).toBe(best)
    // The toy's score is its accuracy, so the best finalist is the first.
    expect(fear?.best?.trial).toBe(fear?.finalists[0]?.trial)
    expect(full?.best?.validationAccuracy).toBe(
      Math.max(...fullTrials.map(({ architecture }) => toyNetwork(architecture).accuracy)),
    )
    // Test accuracies went through the weights, in single precision.
    expect(fear?.best?.testAccuracy).toBe(Math.fround(best))
    expect(result.comparison?.testAccuracyDifference).toBe(
      (fear?.best?.testAccuracy ?? 0) - (full?.best?.testAccuracy ?? 0),
    )
  })

  it('gives the speed-up as full training over FEAR', () => {
    const { speedup } = result.comparison ?? {}
    expect(speedup?.trainingFlops).toBe((full?.trainingFlops ?? 0) / (fear?.trainingFlops ?? 1))
    expect(speedup?.computeSeconds).toBe((full?.computeSeconds ?? 0) / (fear?.computeSeconds ?? 1))
    expect(speedup?.wallSeconds).toBe((full?.wallSeconds ?? 0) / (fear?.wallSeconds ?? 1))
    expect(speedup?.trainingFlops).toBeGreaterThan(2)
  })

  it('correlates over the trials scored in both arms', () => {
    const pairs = fearTrials.flatMap(({ outcome }, i) => {
      const other = fullTrials[i]?.outcome
      return outcome.kind === 'scored' && other?.kind === 'scored' ? [[outcome.score, other.score] as const] : []
    })
    const [scores, accuracies] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
    expect(result.comparison?.rankCorrelation).toEqual({
      spearman: spearman(scores, accuracies),
      kendall: kendall(scores, accuracies),
      trials: fear?.outcomes.scored,
    })
  })

  it('runs the arms one after the other', () => {
    const order = events.map(({ kind, arm }) => `${arm} ${kind}`)
    expect(order.indexOf('full arm-started')).toBe(order.indexOf('fear arm-finished') + 1)
    expect(order.at(-1)).toBe('full arm-finished')
  })
})

describe('a finalist', () => {
  it('is the network that full training makes of that trial', async () => {
    const { result, arms } = await study()
    for (const { trial, outcome } of result.arms[0]?.finalists ?? []) {
      expect(outcome).toEqual(arms[1]?.trials[trial]?.outcome)
    }
  })
})

describe('the arms of a study with a time limit', () => {
  it('get the same number of trials, so that their times can be compared', async () => {
    const { result } = await study({ budget: { computeSeconds: 60 } })
    const [fear, full] = result.arms
    expect(fear?.endedBy).toBe('computeSeconds')
    expect(fear?.budget).toMatchObject([{ limit: 'computeSeconds', planned: 60 }])
    expect(full?.endedBy).toBe('trials')
    expect(full?.trials).toBe(fear?.trials)
    expect(result.comparison).not.toBeNull()
  })
})

describe('a study that is stopped', () => {
  it.each([
    { when: 'in its first arm', at: { arm: 'fear', trial: 10 }, arms: 1 },
    { when: 'in its second arm', at: { arm: 'full', trial: 10 }, arms: 2 },
  ])('$when has a valid partial result and no comparison', async ({ at, arms }) => {
    const stop = new AbortController()
    const { result } = await study(
      {},
      {
        stop: stop.signal,
        onEvent: (event) =>
          event.kind === 'trial-finished' && event.arm === at.arm && event.trial === at.trial && stop.abort(),
      },
    )
    expect(result.stopped).toBe(true)
    expect(result.comparison).toBeNull()
    expect(result.arms).toHaveLength(arms)
    expect(result.arms.at(-1)).toMatchObject({ stopped: true, endedBy: 'stopped' })
    expect(result.arms.at(-1)?.trials).toBeLessThan(14)
  })
})

describe('a study that was killed', () => {
  const directory = temporaryFolder('study')

  const session = async (file: string): Promise<StudyRun> => {
    const journal = await openJournal(file)
    try {
      const earlier = replay((await readJournal(file)).events)
      if (earlier === null) {
        const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
        const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }
        await journal.append({ event: 'run.started', schema: 1, command: 'compare', ...about })
      }
      // A power of two: sums of seconds are exact in any order.
      const { clock, executor } = toyWorld(2, () => 1 / 64)
      return await runStudy(options, { clock, executor, journal }, earlier)
    } finally {
      await journal.close()
    }
  }

  /** Wall-clock time depends on how trials overlapped; everything else must be equal. */
  const withoutWallSeconds = ({ result, arms }: StudyRun) => ({
    arms: result.arms.map((arm) => ({ ...arm, wallSeconds: 0 })),
    comparison: {
      ...result.comparison,
      speedup: { ...result.comparison?.speedup, wallSeconds: 0 },
    },
    tables: arms.map(({ trials }) => trials),
  })

  it('ends with the same result wherever its journal was cut', async () => {
    const file = path.join(directory, 'whole.jsonl')
    const whole = withoutWallSeconds(await session(file))
    const text = readFileSync(file, 'utf8')
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1)
    for (const end of ends.filter((_, i) => i % 5 === 0 || i > ends.length - 10)) {
      const cut = path.join(directory, 'cut.jsonl')
      writeFileSync(cut, text.slice(0, end + 7))
      const resumed = withoutWallSeconds(await session(cut))
      expect(resumed).toEqual(whole)
    }
  })

  it('trains nothing and measures nothing again once both arms are finished', async () => {
    const file = path.join(directory, 'whole.jsonl')
    const { clock, executor } = toyWorld(2)
    const busy: string[] = []
    const earlier = replay((await readJournal(file)).events)
    const { result } = await runStudy(
      options,
      {
        clock,
        executor: {
          ...executor,
          evaluate: (task) => {
            busy.push(task.architecture)
            return executor.evaluate(task)
          },
          test: (task) => {
            busy.push(task.architecture)
            return executor.test(task)
          },
        },
      },
      earlier,
    )
    expect(busy).toEqual([])
    expect(result.arms.map(({ best }) => best?.testAccuracy)).not.toContain(null)
    expect(result.arms.map(({ wallSeconds }) => wallSeconds)).toEqual(
      ['fear', 'full'].map((arm) => earlier?.arms.get(arm)?.finished?.wallSeconds),
    )
  })
})
