import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquare, chiSquareLimits, tally } from '../../src/conformance/chi-square.js'
import { describeStrategy } from '../../src/conformance/index.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { Architecture, DuplicateLevel } from '../../src/spaces/search-space.js'
import { createRandomStrategy } from '../../src/strategies/random.js'
import type { Strategy } from '../../src/strategies/strategy.js'
import { silentHistory } from './histories.js'

describeStrategy('random', (options, space, rng) => createRandomStrategy({ name: 'random', ...options }, space, rng))

const create = (seed: number, duplicates: DuplicateLevel = 'isomorphism'): Strategy<Architecture> =>
  createRandomStrategy({ name: 'random', duplicates }, natsTss, createRng(seed))

/** The proposal of trial `proposed`, in a history that says nothing else. */
function proposal(strategy: Strategy<Architecture>, proposed: number): Architecture | null {
  return strategy.ask(silentHistory(proposed), createRng('unused'))
}

describe('random search', () => {
  it('has golden proposals, which must never change: recorded runs depend on them', () => {
    const strategy = create(7)
    expect([0, 1, 2].map((trial) => proposal(strategy, trial))).toEqual([
      '|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|nor_conv_1x1~1|nor_conv_1x1~2|',
      '|nor_conv_1x1~0|+|avg_pool_3x3~0|skip_connect~1|+|none~0|none~1|nor_conv_1x1~2|',
      '|nor_conv_1x1~0|+|nor_conv_3x3~0|skip_connect~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|',
    ])
  })

  it('proposes by seed and trial alone, so that arms with one seed get the same architectures', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 100 }), (seed, trial) => {
        const inOrder = create(seed)
        for (let i = 0; i < trial; i++) proposal(inOrder, i)
        expect(proposal(create(seed), trial)).toBe(proposal(inOrder, trial))
      }),
      { numRuns: 20 },
    )
  })

  it('does not depend on how far the stream of the run has gone', () => {
    const rng = createRng(7)
    rng.next()
    const strategy = createRandomStrategy({ name: 'random', duplicates: 'isomorphism' }, natsTss, rng)
    expect(proposal(strategy, 5)).toBe(proposal(create(7), 5))
  })

  it('proposes the first of each canonical form in the order of all spellings', () => {
    const everything = create(11, 'string')
    const seen = new Set<string>()
    const firsts: Architecture[] = []
    for (let trial = 0; trial < 2_000; trial++) {
      const architecture = proposal(everything, trial) ?? ''
      const form = natsTss.canonical(architecture, 'isomorphism')
      if (!seen.has(form)) firsts.push(architecture)
      seen.add(form)
    }
    const distinct = create(11)
    expect(firsts.map((_, trial) => proposal(distinct, trial))).toEqual(firsts)
    expect(firsts.length).toBeLessThan(2_000)
  })

  it.each([
    { level: 'string', count: 15_625 },
    { level: 'nats-bench', count: 6_466 },
    { level: 'isomorphism', count: 4_930 },
  ] as const)('is used up after $count proposals at level $level', ({ level, count }) => {
    const strategy = create(1, level)
    expect(proposal(strategy, count - 1)).not.toBeNull()
    expect(proposal(strategy, count)).toBeNull()
    expect(proposal(strategy, count + 1)).toBeNull()
  })

  it('is uniform at every trial, not only the first', () => {
    // Without replacement from 15,625, so a little more even than independent draws: the limit is on the safe side.
    let draws = 0
    const counts = tally(25, 5_000, () => {
      const architecture = proposal(create(Math.floor(draws / 5), 'string'), draws % 5) ?? ''
      draws++
      return Math.floor((natsTss.indexOf(architecture) * 25) / natsTss.size)
    })
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[24])
  })
})
