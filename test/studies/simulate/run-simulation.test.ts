import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../../src/platform/rng.js'
import { listedSpace } from '../../../src/spaces/listed-space.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { createRandomStrategy } from '../../../src/strategies/random.js'
import { promotes, strategyNames } from '../../../src/strategies/registry.js'
import { runSimulation } from '../../../src/studies/simulate/run-simulation.js'
import type { CurvePoint, SimulationOptions, SimulationResult } from '../../../src/studies/simulate/simulation.js'
import { readTable, tableText } from '../../evaluators/tabular/small-table.js'
import { silentHistory } from '../../strategies/histories.js'
import { expectedReport } from './expected-best.js'

const ofOneFidelity = strategyNames.filter((name) => !promotes(name))

type Columns = Readonly<Record<string, readonly number[]>>

function simulate(columns: Columns, changes: Partial<SimulationOptions> = {}): Promise<SimulationResult> {
  const options: SimulationOptions = {
    seed: 1,
    searches: 20,
    trials: 3,
    workers: 1,
    duplicates: 'string',
    strategies: ['random'],
    selections: [],
    report: 'test',
    ...changes,
  }
  return runSimulation(options, { table: readTable(tableText(columns)), space: { name: 'nats-tss' } })
}

const means = (points: readonly CurvePoint[] | null | undefined): number[] =>
  points?.map(({ regret }) => regret.mean) ?? []

function expectClose(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 12)
  })
}

describe('the expectation of random search', () => {
  it('is the mean of the maximum of k of n', () => {
    const values = [0.1, 0.2, 0.3, 0.4]
    // The maximum of k of 1..n is k (n + 1) / (k + 1): 2.5, 10/3, 3.75, 4 tenths.
    expect(expectedReport(values, values, 1)).toBeCloseTo(0.25, 12)
    expect(expectedReport(values, values, 2)).toBeCloseTo(1 / 3, 12)
    expect(expectedReport(values, values, 3)).toBeCloseTo(0.375, 12)
    expect(expectedReport(values, values, 4)).toBeCloseTo(0.4, 12)
  })

  it('follows the score, and shares equal ones', () => {
    // Pairs, of 3: the better by score is the second of (a, b), b or c at random of (b, c), c of (a, c).
    expect(expectedReport([1, 2, 2], [0.9, 0.3, 0.6], 2)).toBeCloseTo((0.3 + 0.45 + 0.6) / 3, 12)
  })
})

describe('a simulation worked by hand', () => {
  // Four architectures; proxy ranks the best one last.
  const columns = { test: [0.1, 0.2, 0.3, 0.4], proxy: [2, 3, 4, 1], time: [1, 2, 3, 4] }

  it('has one search of which every figure is known', async () => {
    const space = listedSpace(natsTss, [0, 1, 2, 3].map(natsTss.at))
    const strategy = createRandomStrategy(
      { name: 'random', duplicates: 'string' },
      space,
      createRng('1/search/0', 'strategy'),
    )
    const order = [0, 1, 2, 3].map((proposed) =>
      space.indexOf(strategy.ask(silentHistory(proposed), createRng('unused')) ?? ''),
    )
    expect(order).toEqual([0, 1, 3, 2])
    // Their proxy: 2, 3, 1, 4, so that 0, 1, 1 and 2 would be handed over; their time: 1, 2, 4, 3.
    const result = await simulate(columns, {
      searches: 1,
      trials: 4,
      selections: [{ column: 'proxy', seconds: 'time' }],
    })
    expect(result.best).toEqual({ architecture: natsTss.at(3), accuracy: 0.4 })
    const [proxy, test] = result.arms
    expect(proxy).toMatchObject({ strategy: 'random', select: 'proxy', foundBest: 0, seconds: { mean: 10 } })
    expect(proxy?.accuracy.mean).toBeCloseTo(0.3, 12)
    expect(proxy?.againstReport?.mean).toBeCloseTo(-0.1, 12)
    expect(test).toMatchObject({
      select: 'test',
      foundBest: 1,
      regret: { mean: 0 },
      seconds: null,
      againstReport: null,
    })
    expect(result.arms).toHaveLength(2)

    const [proxyCurves, testCurves] = result.curves
    expectClose(means(proxyCurves?.byTrials), [0.3, 0.2, 0.2, 0.1])
    expectClose(means(testCurves?.byTrials), [0.3, 0.2, 0, 0])
    expect(testCurves?.bySeconds).toBeNull()
    const bySeconds = proxyCurves?.bySeconds ?? []
    expect([bySeconds[0]?.at, bySeconds.at(-1)?.at]).toEqual([1, 10])
    expectClose(
      means(bySeconds),
      bySeconds.map(({ at }) => (at < 3 ? 0.3 : at < 10 ? 0.2 : 0.1)),
    )
    // Against test, proxy stands in the order 2, 3, 4, 1: three pairs of six agree, sum of squared rank differences 12.
    expect(result.ranking).toMatchObject([{ select: 'proxy', agreement: [{}, {}, {}, { count: 4, kendall: 0 }] }])
    expect(result.ranking[0]?.agreement[3]?.spearman).toBeCloseTo(1 - (6 * 12) / (4 * 15), 12)
  })

  it('agrees with the exact expectation at every number of trials, selecting by either column', async () => {
    const searches = 3_000
    const { curves } = await simulate(columns, { searches, trials: 4, selections: [{ column: 'proxy', seconds: 1 }] })
    for (const { select, byTrials } of curves) {
      const scores = select === 'proxy' ? columns.proxy : columns.test
      expect(byTrials.map(({ at }) => at)).toEqual([1, 2, 3, 4])
      for (const { at, regret } of byTrials) {
        const exact = 0.4 - expectedReport(scores, columns.test, at)
        // Four standard errors; the seed is fixed, so that this is no lottery.
        const allowed = (4 * (regret.deviation ?? 0)) / Math.sqrt(searches)
        expect(Math.abs(regret.mean - exact), `${select} after ${at}`).toBeLessThanOrEqual(allowed + 1e-12)
      }
    }
  })
})

describe('every simulation', () => {
  const accuracy = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20)
  /** Ties are common. */
  const tables = fc
    .array(fc.record({ test: accuracy, proxy: fc.integer({ min: 0, max: 9 }), time: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 3,
      maxLength: 30,
    })
    .map((rows) => ({
      test: rows.map((row) => row.test),
      proxy: rows.map((row) => row.proxy),
      time: rows.map((row) => row.time),
    }))
  const law = (check: (columns: { test: number[]; proxy: number[]; time: number[] }, seed: number) => Promise<void>) =>
    fc.assert(fc.asyncProperty(tables, fc.nat(), check), { numRuns: 40 })
  const byProxy = { selections: [{ column: 'proxy', seconds: 'time' }], strategies: ofOneFidelity }

  it('has regrets that are not negative, and fall with every trial when the truth selects', () =>
    law(async (columns, seed) => {
      const trials = columns.test.length
      const { arms, curves } = await simulate(columns, { ...byProxy, seed, trials })
      for (const { select, byTrials, bySeconds } of curves) {
        for (const regret of [...means(byTrials), ...means(bySeconds)]) expect(regret).toBeGreaterThanOrEqual(0)
        if (select !== 'test') continue
        means(byTrials).reduce((before, after) => {
          expect(after).toBeLessThanOrEqual(before + 1e-12)
          return after
        })
      }
      // Random search has evaluated everything.
      for (const arm of arms.filter(({ strategy, select }) => strategy === 'random' && select === 'test')) {
        expect(arm).toMatchObject({ regret: { mean: 0 }, foundBest: 1 })
      }
    }))

  it('has incumbents whose selection score rises with every trial', () =>
    law(async (columns, seed) => {
      // Selecting and reporting by one column, regret is the score of the best less that of the incumbent.
      const proxy = columns.proxy.map((score) => score / 9)
      const { curves } = await simulate({ proxy }, { report: 'proxy', seed, trials: proxy.length })
      const regrets = means(curves[0]?.byTrials)
      expect(regrets).toEqual(regrets.toSorted((a, b) => b - a))
    }))

  it('selecting by anything else never beats the truth over the same architectures', () =>
    law(async (columns, seed) => {
      const { arms } = await simulate(columns, { ...byProxy, strategies: ['random'], seed })
      expect(arms.map(({ select }) => select)).toEqual(['proxy', 'test'])
      expect(arms[0]?.againstReport?.mean).toBeLessThanOrEqual(0)
      expect(arms[1]?.againstReport).toBeNull()
    }))

  it('is a function of options and table, and its random search finds the same with any number of workers', () =>
    law(async (columns, seed) => {
      const once = await simulate(columns, { ...byProxy, seed })
      expect(await simulate(columns, { ...byProxy, seed })).toEqual(once)
      const random = { ...byProxy, strategies: ['random'] as const, seed }
      const [one, three] = [await simulate(columns, random), await simulate(columns, { ...random, workers: 3 })]
      expect(three.arms.map(({ accuracy }) => accuracy)).toEqual(one.arms.map(({ accuracy }) => accuracy))
    }))

  it('takes the time of its workers', async () => {
    const test = [0.1, 0.2, 0.3, 0.4, 0.5]
    for (const [workers, seconds] of [
      [1, 50],
      [2, 30],
      [5, 10],
      [9, 10],
    ] as const) {
      const { arms } = await simulate({ test }, { workers, trials: 5, selections: [{ column: 'test', seconds: 10 }] })
      expect(arms).toMatchObject([{ seconds: { mean: seconds, low: seconds, high: seconds, deviation: 0 } }])
    }
  })

  it('runs every strategy of the registry', async () => {
    const { arms } = await simulate({ test: [0.1, 0.2, 0.3] }, { strategies: ofOneFidelity })
    expect(arms.map(({ strategy }) => strategy)).toEqual(ofOneFidelity)
  })
})

describe('bad input', () => {
  const columns = { test: [0.1, 0.2, 0.3], loss: [1, 2, 300] }

  it.each([
    ['longer searches than the table', { trials: 4 }, 'has 3 different architectures (duplicates: string)'],
    ['a report that is no column', { report: 'tests' }, 'Did you mean test?'],
    ['a report that is no accuracy', { report: 'loss' }, 'loss must be an accuracy'],
    ['a selection that is no column', { selections: [{ column: 'los', seconds: 1 }] }, 'Did you mean loss?'],
    ['an unknown strategy', { strategies: ['randm'] }, 'There is no strategy "randm"; did you mean random?'],
    ['a strategy that is nowhere', { strategies: ['./nowhere.mjs'] }, './nowhere.mjs cannot be loaded as a strategy'],
    ['seconds that are no column', { selections: [{ column: 'loss', seconds: 'time' }] }, 'has no column "time"'],
  ])('%s is refused', async (_, changes, message) => {
    await expect(simulate(columns, changes)).rejects.toThrow(message)
  })
})

describe('a simulation of searches over fidelities', () => {
  // The cheap column says the contrary of the costly one, but for the best of all.
  const columns = {
    test: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    cheap: [8, 7, 6, 5, 4, 3, 2, 1, 9],
    time: [1, 1, 1, 1, 1, 1, 1, 1, 1],
  }
  const fidelities = [
    { column: 'cheap', seconds: 'time' },
    { column: 'test', seconds: 20 },
  ]
  const strategies = ['asha', 'successive-halving']

  it('judges by the columns in turn, hands over by the last, and counts the seconds of each', async () => {
    const { arms, ranking } = await simulate(columns, { strategies, fidelities, trials: 9, workers: 1 })
    expect(arms.map(({ strategy, select, againstReport }) => [strategy, select, againstReport])).toEqual(
      strategies.map((name) => [name, 'cheap + test', null]),
    )
    expect(ranking.map(({ select }) => select)).toEqual(['cheap'])
    const [asha, halving] = arms
    // Nine evaluations, too few for a promotion: all that can be known is cheap, and the best of it is the best.
    for (const arm of [asha, halving]) expect(arm).toMatchObject({ foundBest: 1, seconds: { mean: 9, deviation: 0 } })
  })

  it('counts the seconds of each column', async () => {
    const many = Array.from({ length: 40 }, (_, i) => i / 40)
    const { arms } = await simulate(
      { test: many, cheap: many },
      {
        strategies,
        fidelities: [
          { column: 'cheap', seconds: 1 },
          { column: 'test', seconds: 20 },
        ],
        trials: 40,
        searches: 1,
      },
    )
    // Halving sees a bracket of 27 whole at trial 34, and six of its nine winners fit in. Asha promotes more, and sooner.
    const promotions = arms.map(({ seconds }) => ((seconds?.mean ?? 0) - 40) / 19)
    expect(promotions[1]).toBe(6)
    expect(promotions[0]).toBeGreaterThan(6)
    expect(Number.isInteger(promotions[0])).toBe(true)
  })

  it('may end by seconds, so that searches of other costs compare', async () => {
    const selections = [
      { column: 'cheap', seconds: 1 },
      { column: 'test', seconds: 20 },
    ]
    const { arms } = await simulate(columns, {
      strategies: ['random', 'asha'],
      selections,
      fidelities,
      trials: 9,
      seconds: 5,
    })
    expect(arms.map(({ select, seconds }) => [select, seconds?.mean])).toEqual([
      ['cheap', 5],
      ['test', 20],
      ['cheap + test', 5],
    ])
  })

  it('says what is missing', async () => {
    const one = { strategies: ['asha'], fidelities: fidelities.slice(0, 1) }
    await expect(simulate(columns, one)).rejects.toThrow(
      'asha needs at least two fidelities: columns, the cheapest first.',
    )
    const unknown = { selections: [{ column: 'cheap', seconds: null }], seconds: 5 }
    await expect(simulate(columns, unknown)).rejects.toThrow(
      'A budget of seconds needs the seconds of every column: write cheap=seconds.',
    )
    await expect(simulate(columns, { seconds: 5 })).rejects.toThrow('random needs a column to select by')
  })
})
