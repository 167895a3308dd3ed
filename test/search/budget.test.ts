import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCost } from '../../src/evaluators/outcome.js'
import { Channels } from '../../src/execution/channel/channels.js'
import { overBudget } from '../../src/execution/task-limits.js'
import { ManualClock } from '../../src/platform/clock.js'
import { type Budget, budgetLimits, budgetUse, reachedLimit, type Spending } from '../../src/search/budget.js'
import { BudgetWatch, budgetNumbers } from '../../src/search/budget-watch.js'
import { Ledger } from '../../src/search/ledger.js'
import { TrialTable } from '../../src/search/trial-table.js'

/** Few different numbers, so that limits are often met exactly. */
const amount = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8)
const budgets: fc.Arbitrary<Budget> = fc.record(
  {
    ...Object.fromEntries(budgetLimits.map((limit) => [limit, amount])),
    atLimit: fc.constantFrom('finish', 'abort'),
  },
  { requiredKeys: [] },
)
const spendings = fc.record(Object.fromEntries(budgetLimits.map((limit) => [limit, amount]))) as fc.Arbitrary<Spending>

describe('a budget', () => {
  it('is reached where one of its limits is, and by that one', () => {
    fc.assert(
      fc.property(budgets, spendings, (budget, spent) => {
        const reached = reachedLimit(budget, spent)
        const left = budgetLimits.filter((limit) => spent[limit] < (budget[limit] ?? Infinity))
        expect(reached === null).toBe(left.length === budgetLimits.length)
        if (reached !== null) expect(left).not.toContain(reached)
      }),
    )
  })

  it('stays reached however much more is spent, and is not reached by less', () => {
    fc.assert(
      fc.property(budgets, spendings, spendings, (budget, spent, more) => {
        const sum = Object.fromEntries(budgetLimits.map((limit) => [limit, spent[limit] + more[limit]])) as Spending
        if (reachedLimit(budget, spent) !== null) expect(reachedLimit(budget, sum)).not.toBeNull()
        if (reachedLimit(budget, sum) === null) expect(reachedLimit(budget, spent)).toBeNull()
      }),
    )
  })

  it('is told as planned, used and overrun of each of its limits, and of no other', () => {
    fc.assert(
      fc.property(budgets, spendings, (budget, spent) => {
        const uses = budgetUse(budget, spent)
        expect(uses.map(({ limit }) => limit)).toEqual(budgetLimits.filter((limit) => budget[limit] !== undefined))
        for (const { limit, planned, used, overrun } of uses) {
          expect([planned, used]).toEqual([budget[limit], spent[limit]])
          // A target that is surpassed costs nothing.
          expect(overrun).toBe(limit === 'targetAccuracy' || used < planned ? 0 : used - planned)
        }
        const isReached = uses.some(({ used, planned }) => used >= planned)
        expect(reachedLimit(budget, spent) !== null).toBe(isReached)
      }),
    )
  })
})

describe('the watch over a budget', () => {
  const accuracy = (score: number) =>
    ({
      kind: 'scored',
      score,
      metric: 'validation-accuracy',
      trainAccuracy: score,
      validationAccuracy: score,
      cost: { ...noCost, epochs: 2 },
      phases: {},
    }) as const

  /** Two trials that run, of which the first ends with a score. */
  function twoTrials(budget: Budget, score: number) {
    const ledger = new Ledger()
    const table = new TrialTable((architecture) => architecture)
    const channels = new Channels()
    const channel = channels.open(budgetNumbers(budget), 2)
    const watch = new BudgetWatch('arm', budget, { ledger, wallSeconds: () => 3 }, table, channel)
    const running = ['a', 'b'].map((architecture) => {
      const member = channel.join()
      return { trial: table.propose(architecture), member, budget: watch.taskBudget() }
    })
    const [first, second] = running as [(typeof running)[number], (typeof running)[number]]
    const isOver = overBudget(second.budget, channels.rowOf({ channel: second.member.ref }), new ManualClock())
    ledger.charge('arm', 'evaluation', accuracy(score))
    table.finish({ ...first.trial, outcome: accuracy(score) })
    first.member.leave()
    watch.settle()
    return { watch, table, budget: second.budget, isOver: () => isOver?.(noCost) }
  }

  it.each([
    { limits: { targetAccuracy: 0.9 }, score: 0.89, isOver: false },
    { limits: { targetAccuracy: 0.9 }, score: 0.9, isOver: true },
    { limits: { epochs: 2 }, score: 0.9, isOver: false },
    { limits: { epochs: 1.9 }, score: 0.9, isOver: true },
    // Running trials are within a budget of trials.
    { limits: { trials: 2 }, score: 0.9, isOver: false },
  ])('ends the other trial of $limits when one scores $score after 2 epochs: $isOver', ({ limits, score, isOver }) => {
    expect(twoTrials({ ...limits, atLimit: 'abort' }, score).isOver()).toBe(isOver)
  })

  it('gives tasks the seconds that are left, or nothing where running trials finish', () => {
    expect(twoTrials({ wallSeconds: 5, atLimit: 'abort' }, 1).budget?.wallSeconds).toBe(2)
    expect(twoTrials({ wallSeconds: 5, atLimit: 'finish' }, 1).budget).toBeUndefined()
    expect(twoTrials({ wallSeconds: 5 }, 1).budget).toBeUndefined()
  })

  it('counts trials that were proposed, and the best score', () => {
    const { watch } = twoTrials({ trials: 2 }, 0.7)
    expect(watch.spent()).toMatchObject({ trials: 2, wallSeconds: 3, epochs: 2, targetAccuracy: 0.7 })
    expect(watch.reached()).toBe('trials')
  })
})
