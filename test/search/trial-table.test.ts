import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCost, type Outcome } from '../../src/evaluators/outcome.js'
import { TrialTable } from '../../src/search/trial-table.js'

function scored(score: number): Outcome {
  return {
    kind: 'scored',
    score,
    metric: 'train-accuracy',
    trainAccuracy: score,
    validationAccuracy: null,
    cost: noCost,
    phases: {},
  }
}

describe('the trial table', () => {
  it('holds trials in order of index, whatever order they finish in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }), fc.func(fc.nat()), (scores, priority) => {
        const table = new TrialTable((architecture) => architecture)
        const running = scores.map((_, i) => table.propose(`a${i}`))
        const order = running.toSorted((a, b) => priority(a.index) - priority(b.index))
        const done = new Set<number>()
        for (const trial of order) {
          table.finish({ ...trial, outcome: scored(scores[trial.index] ?? 0) })
          done.add(trial.index)
          expect(table.finished.map(({ index }) => index)).toEqual([...done].sort((a, b) => a - b))
          expect(table.finishedPrefix).toBe(prefix(done))
        }
        // The earliest of the best, not the first to finish.
        expect(table.leader?.trial).toBe(scores.indexOf(Math.max(...scores)))
      }),
    )
  })

  it('shows a strategy finished trials up to a limit, and everything that was proposed', () => {
    const table = new TrialTable((architecture) => architecture.toLowerCase())
    const trials = ['A', 'B', 'C'].map((architecture) => table.propose(architecture))
    for (const trial of trials.toReversed()) table.finish({ ...trial, outcome: scored(0.5) })
    table.propose('D')
    const history = table.history(2)
    expect(history.proposed).toBe(4)
    expect(history.trials.map(({ architecture }) => architecture)).toEqual(['A', 'B'])
    expect(['a', 'd', 'e'].map((canonical) => history.hasProposed(canonical))).toEqual([true, true, false])
    table.propose('E')
    expect(table.history(Infinity).hasProposed('e')).toBe(true)
    expect(table.history(Infinity).trials).toHaveLength(3)
  })
})

function prefix(done: ReadonlySet<number>): number {
  let length = 0
  while (done.has(length)) length++
  return length
}
