import { describe, expect, it } from 'vitest'
import { describeStrategy } from '../../src/conformance/index.js'
import { scoredOutcome, unscoredOutcome } from '../../src/conformance/strategy/outcomes.js'
import { createRng } from '../../src/platform/rng.js'
import { TrialTable } from '../../src/search/trial-table.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createSuccessiveHalving } from '../../src/strategies/fidelities/successive-halving.js'

const name = 'successive-halving'
const duplicates = 'string'

describeStrategy(
  name,
  (options, space, rng) => createSuccessiveHalving({ name, eta: 3, initial: 9, ...options }, space, rng),
  { fidelities: 3 },
)

/**
 * The first `count` trials, each told as the number of the architecture (in order of first proposal) and its fidelity,
 * where results are known `lag` trials late. The score of an architecture is its number.
 */
function course(count: number, lag: number, initial: number, isScored = (_number: number): boolean => true) {
  const strategy = createSuccessiveHalving({ name, duplicates, eta: 3, initial }, natsTss, createRng(1))
  const table = new TrialTable((architecture) => architecture, 3)
  const numbers = new Map<string, number>()
  return Array.from({ length: count }, (_, index) => {
    const proposal = strategy.ask(table.history(Math.max(0, index - lag)), createRng('unused'))
    const trial = table.propose(proposal ?? '')
    const number = numbers.get(trial.architecture) ?? numbers.size
    numbers.set(trial.architecture, number)
    table.finish({ ...trial, outcome: isScored(number) ? scoredOutcome(number) : unscoredOutcome('rejected') })
    return `${trial.fidelity ?? 0}:${number}`
  })
}

const firstRung = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `0:${from + i}`)

describe('successive halving, worked by hand', () => {
  it('halves bracket after bracket where every result is known at once', () => {
    expect(course(26, 0, 9)).toEqual([
      ...firstRung(0, 9),
      ...['1:8', '1:7', '1:6', '2:8'],
      ...firstRung(9, 9),
      ...['1:17', '1:16', '1:15', '2:17'],
    ])
  })

  it('begins the next bracket while it waits, and ends the old one first', () => {
    // Trial 8 is known when trial 11 is proposed, trial 13 when 16 is.
    expect(course(22, 2, 9)).toEqual([
      ...firstRung(0, 9),
      ...firstRung(9, 2),
      ...['1:8', '1:7', '1:6'],
      ...firstRung(11, 2),
      '2:8',
      ...firstRung(13, 5),
    ])
  })

  it('promotes fewer where fewer have a score', () => {
    expect(course(14, 0, 9, (number) => number === 4)).toEqual([...firstRung(0, 9), '1:4', '2:4', ...firstRung(9, 3)])
  })
})
