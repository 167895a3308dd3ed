import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../src/platform/clock.js'
import { addCosts, noCost } from '../../src/training/cost.js'
import { CostMeter } from '../../src/training/cost-meter.js'

describe('CostMeter', () => {
  it('charges the phase that runs, and a phase entered again goes on', () => {
    const clock = new ManualClock()
    const meter = new CostMeter(clock, 'a')
    clock.advance(1)
    meter.addFlops(10)
    meter.addStep()
    meter.enter('b')
    clock.advance(2)
    meter.addEpoch()
    meter.enter('a')
    clock.advance(4)
    meter.addFlops(5)

    expect(meter.phaseCost()).toEqual({ computeSeconds: 5, trainingFlops: 15, steps: 1, epochs: 0 })
    expect(meter.busySeconds()).toBe(7)
    expect(meter.read()).toEqual({
      cost: { computeSeconds: 7, trainingFlops: 15, steps: 1, epochs: 1 },
      phases: {
        a: { computeSeconds: 5, trainingFlops: 15, steps: 1, epochs: 0 },
        b: { computeSeconds: 2, trainingFlops: 0, steps: 0, epochs: 1 },
      },
    })
  })

  it('loses no second: the phases sum to the cost and to the time passed', () => {
    const move = fc.record({ phase: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(5000), flops: fc.nat(1e6) })
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        const clock = new ManualClock()
        const meter = new CostMeter(clock, 'a')
        for (const { phase, ms, flops } of moves) {
          meter.enter(phase)
          clock.advance(ms / 1000)
          meter.addFlops(flops)
        }
        const { cost, phases } = meter.read()
        expect(cost).toEqual(Object.values(phases).reduce(addCosts, noCost))
        expect(cost.computeSeconds).toBeCloseTo(clock.now(), 9)
        expect(cost.trainingFlops).toBe(moves.reduce((sum, { flops }) => sum + flops, 0))
      }),
    )
  })

  it('gives a reading that later charges do not change', () => {
    const meter = new CostMeter(new ManualClock(), 'a')
    const before = meter.read()
    meter.addStep()
    expect(before.cost.steps).toBe(0)
    expect(meter.read().cost.steps).toBe(1)
  })
})
