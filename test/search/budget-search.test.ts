import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyFear, tinySetup } from '../../src/conformance/executor/tiny-setup.js'
import type { FearOptions } from '../../src/evaluators/fear/options.js'
import { addCosts, noCost } from '../../src/evaluators/outcome.js'
import type { EvaluatorOptions } from '../../src/evaluators/registry.js'
import type { Executor, WorkerSetup } from '../../src/execution/executor.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { type Journal, openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { type ReplayedArm, replay } from '../../src/journal/replay.js'
import { trainingFlops } from '../../src/networks/flops.js'
import { systemClock } from '../../src/platform/clock.js'
import { createRng } from '../../src/platform/rng.js'
import { type Budget, budgetUse } from '../../src/search/budget.js'
import { runSearch, type SearchResult } from '../../src/search/driver.js'
import { chooseFinalists } from '../../src/search/finalists.js'
import { Ledger } from '../../src/search/ledger.js'
import { createSearchSpace } from '../../src/spaces/registry.js'
import { createStrategy } from '../../src/strategies/registry.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runStarted } from './run-started.js'

const space = createSearchSpace({ name: 'nats-tss' })
const strategyOptions = { name: 'random', duplicates: 'isomorphism' } as const
const fear: FearOptions = { ...tinyFear, ratio: null }
const short: EvaluatorOptions = {
  name: 'short-training',
  epochs: 3,
  batch: 32,
  score: 'validation',
  scoreEpoch: 'last',
}

interface Session extends SearchResult {
  readonly ledger: Ledger
}

/** A search with real training. */
async function search(
  executor: Executor,
  evaluator: EvaluatorOptions,
  budget: Budget,
  journal?: Journal,
  earlier?: ReplayedArm,
): Promise<Session> {
  const ledger = new Ledger()
  const startedSeconds = systemClock.now() - (earlier?.wallSeconds ?? 0)
  const result = await runSearch(
    {
      arm: 'arm',
      seed: 5,
      strategy: createStrategy(strategyOptions, space, createRng(5, 'strategy')),
      canonical: (architecture) => space.canonical(architecture, strategyOptions.duplicates),
      evaluator,
      budget,
      earlier,
    },
    { executor, ledger, journal, wallSeconds: () => systemClock.now() - startedSeconds },
  )
  return { ...result, ledger }
}

describe('a search with real training', () => {
  let executor: Executor

  beforeAll(async () => {
    executor = await createInProcessExecutor(await tinySetup())
  })
  afterAll(() => executor.close())

  it.each<{ readonly budget: Budget; readonly evaluator: EvaluatorOptions }>([
    { budget: { trials: 3 }, evaluator: fear },
    { budget: { wallSeconds: 0.2 }, evaluator: fear },
    { budget: { computeSeconds: 0.2 }, evaluator: fear },
    { budget: { epochs: 10 }, evaluator: fear },
    { budget: { epochs: 10 }, evaluator: short },
    { budget: { trainingFlops: 2e8 }, evaluator: fear },
    { budget: { targetAccuracy: 0.6 }, evaluator: short },
    { budget: { trials: 1000, epochs: 1000, trainingFlops: 1e8 }, evaluator: short },
  ])(
    'with $evaluator.name ends at the limit of $budget, with the trial that reaches it',
    async ({ budget, evaluator }) => {
      const { endedBy, spent, table, ledger } = await search(executor, evaluator, budget)
      const limit = Object.keys(budget).at(-1)
      expect(endedBy).toBe(limit)
      const use = budgetUse(budget, spent).at(-1)
      expect(use?.used).toBeGreaterThanOrEqual(use?.planned ?? Infinity)
      const costs = table.finished.map(({ outcome }) => outcome.cost).reduce(addCosts, noCost)
      expect(ledger.total('arm')).toEqual(costs)
      expect(spent).toMatchObject({
        trials: table.finished.length,
        computeSeconds: costs.computeSeconds,
        epochs: costs.epochs,
        trainingFlops: costs.trainingFlops,
        targetAccuracy: table.leader?.score ?? 0,
      })
      // Before the last trial there was something left.
      const before = table.finished.slice(0, -1).map(({ outcome }) => outcome)
      const sums = before.map(({ cost }) => cost).reduce(addCosts, noCost)
      expect(sums.epochs).toBeLessThan(budget.epochs ?? Infinity)
      expect(sums.trainingFlops).toBeLessThan(budget.trainingFlops ?? Infinity)
      expect(sums.computeSeconds).toBeLessThan(budget.computeSeconds ?? Infinity)
      const scores = before.map((outcome) => (outcome.kind === 'scored' ? outcome.score : 0))
      expect(Math.max(0, ...scores)).toBeLessThan(budget.targetAccuracy ?? Infinity)
    },
  )

  it('counts the epochs of both stages, none for the features that are computed once or for validation', async () => {
    const { table } = await search(executor, { ...fear, score: 'validation' }, { trials: 4 })
    const scored = table.finished.flatMap(({ outcome }) => (outcome.kind === 'scored' ? [outcome] : []))
    expect(scored.length).toBeGreaterThan(0)
    for (const { cost, phases, stage1 } of scored) {
      expect(phases).toMatchObject({ features: { epochs: 0 }, stage2: { epochs: 1 }, validate: { epochs: 0 } })
      expect(phases.stage1?.epochs).toBe(stage1?.epochs)
      expect(cost.epochs).toBe((stage1?.epochs ?? Number.NaN) + fear.stage2.epochs)
    }
    const { table: trained } = await search(executor, { name: 'full-training' }, { trials: 1 })
    expect(trained.finished[0]?.outcome.cost).toMatchObject({ epochs: 2, steps: 6 })
  })
})

describe('running trials in two threads that are aborted at a limit', () => {
  const directory = temporaryFolder('abort')
  /** Long trials of 450 steps each. */
  const epochs = 150
  let setup: WorkerSetup
  let executor: Executor

  beforeAll(async () => {
    const tiny = await tinySetup()
    setup = { ...tiny, recipe: { ...tiny.recipe, epochs } }
    executor = await createPiscinaExecutor(setup, { workers: 2 })
  })
  afterAll(() => executor.close())

  async function session(file: string, evaluator: EvaluatorOptions, budget: Budget) {
    const journal = await openJournal(file)
    try {
      const earlier = replay((await readJournal(file)).events)
      if (earlier === null) await journal.append(runStarted)
      return await search(executor, evaluator, budget, journal, earlier?.arms.get('arm'))
    } finally {
      await journal.close()
    }
  }

  /** Flops of the dearest step that a trial of the search can take. */
  function dearestStep(result: SearchResult): number {
    return Math.max(
      ...result.table.finished.map(
        ({ architecture }) => setup.recipe.batch * trainingFlops(space.network(architecture, setup.space.macro)),
      ),
    )
  }

  it.each<{ readonly budget: Budget }>([
    { budget: { trainingFlops: 1e9, atLimit: 'abort' } },
    { budget: { epochs: 350, atLimit: 'abort' } },
    { budget: { computeSeconds: 0.5, atLimit: 'abort' } },
    { budget: { wallSeconds: 0.4, atLimit: 'abort' } },
  ])('end as aborted, their costs are booked and the run is not gone on with: $budget', async ({ budget }) => {
    const limit = Object.keys(budget)[0] as 'trainingFlops' | 'epochs' | 'computeSeconds' | 'wallSeconds'
    const file = path.join(directory, `${limit}.jsonl`)
    const result = await session(file, { name: 'full-training' }, budget)
    const { endedBy, spent, table, ledger } = result
    expect(endedBy).toBe(limit)
    const aborted = table.finished.filter(({ outcome }) => outcome.kind === 'aborted')
    expect(aborted.length).toBeGreaterThan(0)
    for (const { outcome } of aborted) {
      expect(outcome.cost.steps).toBeGreaterThan(0)
      expect(outcome.cost.epochs).toBeCloseTo(outcome.cost.steps / 3, 9)
    }
    expect(chooseFinalists(table.finished, 100)).toHaveLength(table.finished.length - aborted.length)
    const booked = ledger.total('arm')
    const costs = table.finished.map(({ outcome }) => outcome.cost).reduce(addCosts, noCost)
    // They were booked in the order in which they finished, and rounded so.
    for (const unit of ['computeSeconds', 'epochs', 'steps', 'trainingFlops'] as const) {
      expect(booked[unit] / costs[unit]).toBeCloseTo(1, 12)
    }

    const [use] = budgetUse(budget, spent)
    expect(use?.used).toBeGreaterThanOrEqual(use?.planned ?? Infinity)
    // Each of two workers may do the step at which the limit is passed, the one it is in, and one that it was sent to.
    const steps = { trainingFlops: 6 * dearestStep(result), epochs: 6 / 3 }
    if (limit in steps) expect(use?.overrun).toBeLessThanOrEqual(steps[limit as keyof typeof steps])

    const { events } = await readJournal(file)
    const finished = events.flatMap((event) => (event.event === 'trial.finished' ? [event] : []))
    expect(new Set(finished.map(({ trial }) => trial)).size).toBe(table.finished.length)
    expect(finished.filter(({ outcome }) => outcome.kind === 'aborted')).toHaveLength(aborted.length)

    const resumed = await session(file, { name: 'full-training' }, budget)
    expect(resumed.table.finished).toEqual(table.finished)
    expect(resumed.endedBy).toBe(limit)
    expect({ ...resumed.spent, wallSeconds: 0 }).toEqual({ ...spent, wallSeconds: 0 })
    expect((await readJournal(file)).events).toHaveLength(events.length)
  })

  it('finish instead, where they are let', async () => {
    const budget: Budget = { epochs: 100, atLimit: 'finish' }
    const { table, spent } = await session(path.join(directory, 'finish.jsonl'), { name: 'full-training' }, budget)
    expect(table.finished.map(({ outcome }) => outcome.kind)).toEqual(['scored', 'scored'])
    expect(budgetUse(budget, spent)).toEqual([{ limit: 'epochs', planned: 100, used: 300, overrun: 200 }])
  })
})
