import { describe, expect, it } from 'vitest'
import { describeStrategy } from '../../src/conformance/index.js'
import { scoredOutcome, unscoredOutcome } from '../../src/conformance/strategy/outcomes.js'
import { play } from '../../src/conformance/strategy/play.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createAsha, defaultEta } from '../../src/strategies/fidelities/asha.js'
import { createRandomStrategy } from '../../src/strategies/random.js'
import { silentHistory } from './histories.js'

const name = 'asha'
const duplicates = 'string'

describeStrategy(name, (options, space, rng) => createAsha({ name, eta: defaultEta, ...options }, space, rng), {
  fidelities: 3,
})

const random = createRandomStrategy({ name: 'random', duplicates }, natsTss, createRng(1))
const order = Array.from({ length: 40 }, (_, i) => random.ask(silentHistory(i), createRng('unused')))

/** Trials as the fidelity and the place in random search's order: `0:3` is its fourth architecture, evaluated first. */
function course(scoreOf: (place: number, fidelity: number) => number | null, trials: number): readonly string[] {
  const placeOf = (architecture: string): number => order.indexOf(architecture)
  return play(createAsha({ name, duplicates, eta: 3 }, natsTss, createRng(1)), {
    space: natsTss,
    level: duplicates,
    seed: 1,
    fidelities: 3,
    trials,
    outcomeOf(architecture, fidelity) {
      const score = scoreOf(placeOf(architecture), fidelity)
      return score === null ? unscoredOutcome('rejected') : scoredOutcome(score)
    },
  }).map(({ architecture, fidelity = 0 }) => `${fidelity}:${placeOf(architecture)}`)
}

describe('asha, worked by hand', () => {
  it('promotes the trials among the best third of those finished, the highest fidelity first', () => {
    // Each is better than all before it: after three the best of them goes up, then every new one; so they do at the
    // next fidelity.
    expect(course((place) => place, 16)).toEqual([
      ...['0:0', '0:1', '0:2', '1:2', '0:3', '1:3'],
      ...['0:4', '1:4', '2:4'],
      ...['0:5', '1:5', '2:5'],
      ...['0:6', '1:6', '2:6', '0:7'],
    ])
  })

  it('never promotes what has no score, and counts it', () => {
    const promoted = course((place) => (place < 5 ? null : -place), 12).filter((trial) => !trial.startsWith('0'))
    // Two of six could be promoted, and one has a score.
    expect(promoted).toEqual(['1:5', '1:6', '1:7'])
  })
})
