import { mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.js'
import { noCost, type Outcome } from '../../../src/evaluators/outcome.js'
import type { JournalEvent } from '../../../src/journal/journal-event.js'
import { createRunDirectory } from '../../../src/journal/run-directory.js'
import { systemClock } from '../../../src/platform/clock.js'
import { processPlace } from '../../../src/platform/processes.js'
import { renderStatus } from '../../../src/reports/status/status-text.js'
import { type RunStatus, readRunStatus } from '../../../src/results/status/run-status.js'
import { secondsLeft } from '../../../src/results/status/time-left.js'
import { planOf } from '../../../src/runs/run-plan.js'
import { runStarted } from '../../journal/arbitrary-journal.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('status')
const config = loadConfig('search-configs/quick.yaml', ['budget.trials=4', 'budget.computeSeconds=100'])
const started: JournalEvent = { ...runStarted, config: JSON.parse(JSON.stringify(config)) }
const finished: JournalEvent = { event: 'run.finished', date: '2026-01-01T01:00:00.000Z', stopped: false }

function scored(score: number): Outcome {
  const cost = { ...noCost, computeSeconds: 10 }
  return {
    kind: 'scored',
    score,
    metric: 'train-accuracy',
    trainAccuracy: score,
    validationAccuracy: score,
    cost,
    phases: {},
  }
}

function trial(arm: string, index: number, outcome: Outcome | null): readonly JournalEvent[] {
  const place = { arm, trial: index, architecture: `a${index}` }
  const begin: JournalEvent = { event: 'trial.started', ...place }
  if (outcome === null) return [begin]
  return [begin, { event: 'trial.finished', ...place, outcome, wallSeconds: 5 * (index + 1) }]
}

let count = 0
/** A run directory with these events, and a lock if one is given. */
function directoryOf(events: readonly JournalEvent[], lock?: object): string {
  const directory = path.join(folder, String(count++))
  mkdirSync(directory)
  writeFileSync(path.join(directory, 'journal.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  if (lock !== undefined) writeFileSync(path.join(directory, 'lock'), JSON.stringify(lock))
  return directory
}
const statusOf = (directory: string): Promise<RunStatus> => readRunStatus(directory, planOf, systemClock)
const elsewhere = { pid: 7, host: `not-${hostname()}`, date: '2026-01-01T00:00:00.000Z' }

describe('the state of a run', () => {
  it('is that of its process and of its last words', async () => {
    const states = await Promise.all(
      [
        directoryOf([], elsewhere),
        directoryOf([started], elsewhere),
        directoryOf([started]),
        directoryOf([started], { ...elsewhere, host: hostname(), pid: 2 ** 22 + 1, ...processPlace() }),
        directoryOf([started, finished], elsewhere),
        directoryOf([started, { ...finished, stopped: true }]),
        directoryOf([started, { ...finished, stopped: true }, { ...runStarted, event: 'run.resumed' } as JournalEvent]),
      ].map(async (directory) => (await statusOf(directory)).state),
    )
    expect(states).toEqual(['starting', 'running', 'killed', 'killed', 'finished', 'stopped', 'killed'])
  })

  it('is running while a process holds it, which it names, and nobody has to ask the lock', async () => {
    const directory = await createRunDirectory(path.join(folder, 'held'))
    await directory.journal.append(started)
    const { lastEventSecondsAgo, owner, state } = await statusOf(directory.path)
    expect(state).toBe('running')
    expect(owner).toMatchObject({ pid: process.pid, host: hostname(), alive: true })
    expect(Number.isNaN(Date.parse(owner?.since ?? ''))).toBe(false)
    expect(lastEventSecondsAgo).toBeLessThan(600)
    await directory.close()
    expect(await statusOf(directory.path)).toMatchObject({ owner: null, state: 'killed' })
  })

  it('says of a process on another machine that it cannot be asked', async () => {
    const status = await statusOf(directoryOf([started], elsewhere))
    expect(status.owner).toMatchObject({ pid: 7, alive: null })
    expect(renderStatus(status, () => 90)).toContain(
      `process 7 on not-${hostname()}, for 1 min 30 s by its lock; whether it is alive cannot be checked from here`,
    )
  })
})

describe('the arms of a run', () => {
  it('are told from the first trial to the test accuracy', async () => {
    const rejected: Outcome = { ...scored(0), kind: 'rejected', limit: 1, unit: 'work', bestTrainAccuracy: 0.2 }
    const events: JournalEvent[] = [started, ...trial('fear', 0, scored(0.5)), ...trial('fear', 1, rejected)]
    const search = await statusOf(directoryOf([...events, ...trial('fear', 2, null)], elsewhere))
    const [fear, full, ...others] = search.arms
    expect(others).toEqual([])
    expect(fear).toMatchObject({
      phase: 'searching',
      trials: { finished: 2, running: 1, outcomes: { scored: 1, rejected: 1, failed: 0 } },
      best: { trial: 0, architecture: 'a0', fidelity: 0, score: 0.5 },
      budget: [
        { limit: 'trials', planned: 4, used: 3 },
        { limit: 'computeSeconds', planned: 100, used: 20 },
      ],
      // Two trials took ten seconds, and two are left.
      secondsLeft: 10,
    })
    expect(full).toMatchObject({ phase: 'waiting', evaluator: 'full-training', secondsLeft: null })

    events.push(...trial('fear', 2, scored(0.7)), ...trial('fear', 3, scored(0.7)))
    expect((await statusOf(directoryOf(events, elsewhere))).arms[0]).toMatchObject({
      phase: 'finalists',
      secondsLeft: null,
    })
    const place = { arm: 'fear', trial: 2, architecture: 'a2' }
    events.push({ event: 'finalist.finished', ...place, outcome: scored(0.8), wallSeconds: 60 })
    events.push({
      ...{ event: 'arm.finished', arm: 'fear', trials: 3, wallSeconds: 60, endedBy: 'computeSeconds' },
      best: { trial: 2, testAccuracy: 0.75 },
    })
    events.push(...trial('full', 0, scored(0.6)))
    const [ended, second] = (await statusOf(directoryOf(events, elsewhere))).arms
    expect(ended).toMatchObject({
      phase: 'finished',
      best: { trial: 2, score: 0.7 },
      computeSeconds: 50,
      wallSeconds: 60,
      finalists: { planned: 3, finished: [{ trial: 2, architecture: 'a2', validationAccuracy: 0.8 }] },
      endedBy: 'computeSeconds',
      testAccuracy: 0.75,
    })
    // It gets as many trials as the first arm had, and nothing else is a limit.
    expect(second).toMatchObject({ phase: 'searching', budget: [{ limit: 'trials', planned: 3, used: 1 }] })
    expect(second?.secondsLeft).toBe(10)
  })

  it('are the methods of a ranking', async () => {
    const ranked = loadConfig('search-configs/measures-in-training.yaml')
    const begun: JournalEvent = { ...runStarted, command: 'rank', config: JSON.parse(JSON.stringify(ranked)) }
    const { arms } = await statusOf(directoryOf([begun, ...trial('full-training', 0, scored(0.6))], elsewhere))
    expect(arms.map(({ name, phase }) => [name, phase])).toEqual([
      ['full-training', 'searching'],
      ['measures-in-training', 'waiting'],
    ])
  })

  it('are those of the journal where the configuration is one that this version cannot read', async () => {
    const future: JournalEvent = { ...runStarted, config: { nobody: 'knows' } }
    const { arms, state } = await statusOf(directoryOf([future, ...trial('fear', 0, scored(0.5))], elsewhere))
    expect(state).toBe('running')
    expect(arms).toMatchObject([{ name: 'fear', evaluator: null, phase: 'searching', budget: [], secondsLeft: null }])
  })
})

describe('a status for a terminal', () => {
  it('is a line or two for each arm, and what to do', async () => {
    const directory = directoryOf([started, ...trial('fear', 0, scored(0.5)), ...trial('fear', 1, null)])
    const status = { ...(await statusOf(directory)), lastEventSecondsAgo: 75 }
    expect(
      renderStatus(status, () => 0).replaceAll(directory, 'DIR'),
    ).toBe(`DIR: fear-nas compare search-configs/quick.yaml, killed
  began 2026-01-01T00:00:00.000Z
  not running; last event 1 min 15 s ago

fear: killed while searching
  trials: 1 finished, 1 scored, 1 interrupted
  best so far: 50.00 %, trial 0  a0
  spent: 10 s of compute in 5.0 s
  budget: 2 of 4 trials, 10 s of 1 min 40 s compute time

full (full-training): waiting

continue with: fear-nas resume DIR`)
  })
})

describe('the time that is left', () => {
  const spent = {
    trials: 10,
    wallSeconds: 100,
    computeSeconds: 150,
    epochs: 30,
    trainingFlops: 6e12,
    targetAccuracy: 0.5,
  }

  it('is to the first limit, at the mean pace so far', () => {
    expect(secondsLeft({ trials: 40 }, spent)).toBe(300)
    expect(secondsLeft({ trials: 40, wallSeconds: 160 }, spent)).toBe(60)
    expect(secondsLeft({ trials: 40, computeSeconds: 165 }, spent)).toBeCloseTo(10, 12)
    expect(secondsLeft({ trials: 40, epochs: 45 }, spent)).toBe(50)
    expect(secondsLeft({ targetAccuracy: 0.9, trainingFlops: 9e12 }, spent)).toBe(50)
    expect(secondsLeft({ trials: 5 }, spent)).toBe(0)
  })

  it('is unknown without a limit, and before there is a pace', () => {
    expect(secondsLeft({}, spent)).toBeNull()
    expect(secondsLeft({ targetAccuracy: 0.9 }, spent)).toBeNull()
    expect(secondsLeft({ trials: 40 }, { ...spent, trials: 0, wallSeconds: 0 })).toBeNull()
  })
})
