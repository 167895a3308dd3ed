import { describe, expect, it } from 'vitest'
import { readAccuracyTable } from '../../../src/evaluators/tabular/accuracy-table.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { runSimulation } from '../../../src/studies/simulate/run-simulation.js'
import type { SimulatedArm } from '../../../src/studies/simulate/simulation.js'
import { announceSkip, sharedData } from '../../support/shared-data.js'
import { expectedReport } from './expected-best.js'

const file = sharedData('nats-tss-accuracy.csv')
if (file === null) announceSkip('nats-tss-accuracy.csv', 'simulations on NATS-Bench')

describe.skipIf(file === null)('simulations on NATS-Bench', () => {
  const table = () => readAccuracyTable(file ?? '', { space: natsTss, partial: false })
  const options = {
    seed: 1,
    searches: 300,
    trials: 200,
    workers: 1,
    duplicates: 'string',
    strategies: ['random'],
    selections: [{ column: 'cifar10_val_12ep', seconds: 12 }],
    report: 'cifar10_test',
  } as const

  it('random search finds what it must in expectation, between 93.7 and 94.0 %', async () => {
    const accuracies = table()
    const { arms } = await runSimulation(options, { table: accuracies, space: { name: 'nats-tss' } })
    for (const { select, accuracy } of arms) {
      const columns = [select, 'cifar10_test'].map((name) => [...accuracies.column(name).values])
      const exact = expectedReport(columns[0] ?? [], columns[1] ?? [], options.trials)
      const allowed = (4 * (accuracy.deviation ?? 0)) / Math.sqrt(options.searches)
      expect(Math.abs(accuracy.mean - exact), select).toBeLessThanOrEqual(allowed)
    }
    // About where publications on this space have random search that selects by validation accuracy.
    expect(arms[0]?.accuracy.mean).toBeGreaterThan(0.937)
    expect(arms[0]?.accuracy.mean).toBeLessThan(0.94)
  })

  it('regularized evolution and local search find better ones than random search, selecting by 12 epochs', async () => {
    const strategies = ['random', 'regularized-evolution', 'local-search']
    const { arms } = await runSimulation(
      { ...options, searches: 60, strategies },
      { table: table(), space: { name: 'nats-tss' } },
    )
    const [random, evolution, local] = arms.filter(({ select }) => select === 'cifar10_val_12ep')
    const bounds = (arm: SimulatedArm | undefined) => [arm?.accuracy.low ?? 0, arm?.accuracy.high ?? 0] as const
    // The intervals of the means are apart; docs/strategies.md has the figures of 1,000 searches.
    expect(bounds(evolution)[0]).toBeGreaterThan(bounds(random)[1])
    expect(bounds(local)[0]).toBeGreaterThan(bounds(random)[1])
  })

  it('a search of all 15,625 architectures hands over the best', async () => {
    const everything = { ...options, searches: 1, trials: 15_625, selections: [] }
    const { arms, best } = await runSimulation(everything, { table: table(), space: { name: 'nats-tss' } })
    expect(arms).toMatchObject([{ select: 'cifar10_test', foundBest: 1, regret: { mean: 0 } }])
    expect(best.accuracy).toBeCloseTo(0.943733, 6)
  })
})
