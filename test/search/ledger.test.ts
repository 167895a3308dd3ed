import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addCosts, type Cost, noCost, type Outcome } from '../../src/evaluators/outcome.js'
import { type Activity, Ledger } from '../../src/search/ledger.js'

const activities: readonly Activity[] = ['calibration', 'evaluation', 'finalists']

/** Whole numbers of seconds and FLOPs, so that sums are exact. */
const cost: fc.Arbitrary<Cost> = fc.record({
  computeSeconds: fc.nat(1000),
  trainingFlops: fc.nat(1e9),
  steps: fc.nat(1000),
  epochs: fc.nat(30),
})

const outcome: fc.Arbitrary<Outcome> = fc
  .dictionary(fc.constantFrom('stage1', 'features', 'stage2', 'train', 'unknown'), cost)
  .map((phases) => ({
    kind: 'below-threshold',
    bestTrainAccuracy: 0,
    phases,
    cost: Object.values(phases).reduce(addCosts, noCost),
  }))

const charge = fc.record({ arm: fc.constantFrom('fear', 'full'), activity: fc.constantFrom(...activities), outcome })

describe('the ledger', () => {
  it('loses nothing: phases, activities and arms each sum to everything that was charged', () => {
    fc.assert(
      fc.property(fc.array(charge), (charges) => {
        const ledger = new Ledger()
        for (const { arm, activity, outcome } of charges) ledger.charge(arm, activity, outcome)
        for (const arm of ['fear', 'full']) {
          const charged = charges
            .filter((entry) => entry.arm === arm)
            .reduce((sum, entry) => addCosts(sum, entry.outcome.cost), noCost)
          expect(ledger.total(arm)).toEqual(charged)
          expect(activities.map((activity) => ledger.total(arm, activity)).reduce(addCosts, noCost)).toEqual(charged)
          expect(Object.values(ledger.phases(arm)).reduce(addCosts, noCost)).toEqual(charged)
        }
      }),
    )
  })

  it('names phases by activity', () => {
    const ledger = new Ledger()
    const seconds = (computeSeconds: number): Cost => ({ ...noCost, computeSeconds })
    const below = (phase: string, computeSeconds: number): Outcome => ({
      kind: 'below-threshold',
      bestTrainAccuracy: 0,
      cost: seconds(computeSeconds),
      phases: { [phase]: seconds(computeSeconds) },
    })
    ledger.charge('fear', 'evaluation', below('stage1', 3))
    ledger.charge('fear', 'evaluation', below('stage1', 4))
    ledger.charge('fear', 'finalists', below('train', 5))
    ledger.charge('full', 'evaluation', below('train', 6))
    expect(ledger.phases('fear')).toEqual({ 'evaluation/stage1': seconds(7), 'finalists/train': seconds(5) })
    expect(ledger.total('fear', 'calibration', 'evaluation').computeSeconds).toBe(7)
    expect(ledger.total('nobody')).toEqual(noCost)
  })
})
