import { describe, expect, it } from 'vitest'
import { tinyFear, tinySetup } from '../../src/conformance/executor/tiny-setup.js'
import type { EvaluatorOptions } from '../../src/evaluators/registry.js'
import type { Executor } from '../../src/execution/executor.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createRng } from '../../src/platform/rng.js'
import { runSearch } from '../../src/search/driver.js'
import type { SearchEvaluators } from '../../src/search/fidelities.js'
import { Ledger } from '../../src/search/ledger.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { fidelityOf } from '../../src/strategies/lineage.js'
import { createStrategy, type StrategyOptions } from '../../src/strategies/registry.js'
import type { FinishedTrial } from '../../src/strategies/strategy.js'

const duplicates = 'isomorphism'
/** Every kind of evaluator, the cheapest first. */
const fidelities: SearchEvaluators<EvaluatorOptions> = {
  lowerFidelities: [
    { name: 'zero-cost', measure: 'synflow', batch: 32 },
    { name: 'short-training', epochs: 1, batch: 32, score: 'train', scoreEpoch: 'last' },
    tinyFear,
  ],
  evaluator: { name: 'full-training' },
}

const searches: readonly (SearchEvaluators<EvaluatorOptions> & { readonly strategy: StrategyOptions })[] = [
  {
    strategy: { name: 'regularized-evolution', duplicates, population: 4, sample: 2 },
    evaluator: { name: 'short-training', epochs: 1, batch: 32, score: 'validation', scoreEpoch: 'last' },
  },
  { strategy: { name: 'local-search', duplicates }, evaluator: { name: 'full-training' } },
  { strategy: { name: 'asha', duplicates, eta: 2 }, ...fidelities },
  { strategy: { name: 'successive-halving', duplicates, eta: 2, initial: 8 }, ...fidelities },
]

/** The trials of a search, without what is measured. */
async function trialsOf(executor: Executor, { strategy, ...judges }: (typeof searches)[number], trials: number) {
  const { table } = await runSearch(
    {
      arm: 'tiny',
      seed: 3,
      strategy: createStrategy(strategy, natsTss, createRng(3, 'strategy')),
      canonical: (architecture) => natsTss.canonical(architecture, duplicates),
      ...judges,
      budget: { trials },
    },
    { executor, wallSeconds: () => 0, ledger: new Ledger() },
  )
  return table.finished.map(withoutSeconds)
}

function withoutSeconds({ outcome, ...trial }: FinishedTrial) {
  const { kind, cost } = outcome
  return { ...trial, kind, score: kind === 'scored' ? outcome.score : null, flops: cost.trainingFlops }
}

describe('real trainings', () => {
  it('give the same trials in this thread and on pools of two and of four', async () => {
    const setup = await tinySetup()
    const executors = [
      await createInProcessExecutor(setup),
      await createPiscinaExecutor(setup, { workers: 2 }),
      await createPiscinaExecutor(setup, { workers: 4 }),
    ]
    for (const search of searches) {
      const { lowerFidelities = [] } = search
      const trials = lowerFidelities.length > 0 ? 48 : 24
      const tables: Awaited<ReturnType<typeof trialsOf>>[] = []
      for (const executor of executors) tables.push(await trialsOf(executor, search, trials))
      expect(tables[0]).toHaveLength(trials)
      for (const table of tables) expect(table).toEqual(tables[0])
      expect(new Set(tables[0]?.map(({ score }) => score)).size).toBeGreaterThan(2)
      expect(Math.max(...(tables[0] ?? []).map(fidelityOf))).toBe(lowerFidelities.length)
    }
    for (const executor of executors) await executor.close()
  }, 60_000)
})
