import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquare, chiSquareLimits, tally } from '../../src/conformance/chi-square.js'
import { madeUpOutcomes } from '../../src/conformance/strategy/outcomes.js'
import { play } from '../../src/conformance/strategy/play.js'
import { networkSize, type SizeLimits } from '../../src/networks/size.js'
import { createRng } from '../../src/platform/rng.js'
import { limitedSpace } from '../../src/spaces/limited-space.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { Architecture, DuplicateLevel } from '../../src/spaces/search-space.js'
import { createStrategy, defaultStrategyOptions, strategyNames } from '../../src/strategies/registry.js'
import { withinSpace } from '../../src/strategies/within-space.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { historyOf, silentHistory } from './histories.js'

const macro = { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 10 }
const all = Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i))
const sizes = new Map(all.map((architecture) => [architecture, networkSize(natsTss.network(architecture, macro))]))
const levels: readonly DuplicateLevel[] = ['string', 'nats-bench', 'isomorphism']

function within(architecture: Architecture, { params, flops }: SizeLimits): boolean {
  const size = sizes.get(architecture) ?? { params: Number.NaN, flops: Number.NaN }
  const { atLeast = 0, atMost = Infinity } = params ?? {}
  return size.params >= atLeast && size.params <= atMost && size.flops <= (flops?.atMost ?? Infinity)
}

/** A large part of the space, one that is soon used up, and one of few architectures far from each other. */
const parts = [
  { params: { atMost: 9_000 } },
  { params: { atLeast: 7_900, atMost: 8_000 }, flops: { atMost: 300_000 } },
  { params: { atLeast: 20_000 } },
].map((limits) => ({
  space: limitedSpace(natsTss, limits, macro),
  inside: new Set(all.filter((architecture) => within(architecture, limits))),
}))

/** As a user would write one: by everything that a space offers. */
const module = path.join(temporaryFolder('module'), 'wanderer.cjs')
writeFileSync(
  module,
  `exports.default = ({ duplicates }, space) => ({
    name: 'wanderer',
    ask({ hasProposed, trials }, rng) {
      const isNew = (architecture) => !hasProposed(space.canonical(architecture, duplicates))
      const last = trials.at(-1)
      const near = last === undefined ? [] : space.neighbours(last.architecture).filter(isNew)
      if (near.length > 0) return near[rng.integer(near.length)]
      const drawn = space.sample(rng)
      if (isNew(drawn)) return drawn
      for (let i = 0; i < space.size; i++) if (isNew(space.at(i))) return space.at(i)
      return null
    },
  })`,
)

describe.each([...strategyNames, module])('with constraints, the strategy %s', (name) => {
  it('proposes nothing outside, and all distinct ones inside', () => {
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), fc.constantFrom(...levels), ({ inside, space }, seed, level) => {
        const trials = 60
        expect(inside.size).toBeGreaterThan(0)
        const strategy = createStrategy(defaultStrategyOptions(name, level), space, createRng(seed))
        const proposals = play(strategy, {
          space,
          level,
          seed,
          trials,
          workers: 3,
          outcomeOf: madeUpOutcomes(seed, 0.3),
        })
        expect(proposals.filter(({ architecture }) => !inside.has(architecture))).toEqual([])
        const forms = new Set([...inside].map((architecture) => space.canonical(architecture, level)))
        expect(new Set(proposals.map(({ architecture }) => space.canonical(architecture, level))).size).toBe(
          Math.min(trials, forms.size),
        )
      }),
      { numRuns: 6 },
    )
  })
})

describe('random search with constraints', () => {
  const limits = { params: { atMost: 6_000 } }
  const inside = all.filter((architecture) => within(architecture, limits))

  it('is uniform over what is inside, at every trial', () => {
    const space = limitedSpace(natsTss, limits, macro)
    const place = new Map(inside.map((architecture, i) => [architecture, i]))
    const options = defaultStrategyOptions('random', 'string')
    const rng = createRng('unused')
    let draws = 0
    let strategy = createStrategy(options, space, createRng(0))
    const counts = tally(25, 2_500, () => {
      const [seed, trial] = [Math.floor(draws / 5), draws % 5]
      draws++
      if (trial === 0) strategy = createStrategy(options, space, createRng(seed))
      const architecture = strategy.ask(silentHistory(trial), rng)
      return Math.floor(((place.get(architecture as Architecture) ?? Number.NaN) * 25) / inside.length)
    })
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[24])
  })

  it('builds no more networks than it meets', () => {
    let built = 0
    const whole: typeof natsTss = {
      ...natsTss,
      network(architecture, of) {
        built++
        return natsTss.network(architecture, of)
      },
    }
    const space = limitedSpace(whole, limits, macro)
    const strategy = createStrategy(defaultStrategyOptions('random', 'isomorphism'), space, createRng(1))
    strategy.ask(historyOf([]), createRng(1))
    expect(built).toBeGreaterThan(0)
    expect(built).toBeLessThan(natsTss.size / 10)
  })
})

describe('a strategy that does not keep to its space', () => {
  const limits = { params: { atMost: 6_000 } }
  const space = limitedSpace(natsTss, limits, macro)
  const outside = all.find((architecture) => !within(architecture, limits)) ?? ''

  it('ends the search before a trial is spent on it', () => {
    const strategy = withinSpace({ name: 'stray', ask: () => outside }, space)
    expect(() => strategy.ask(historyOf([]), createRng(1))).toThrow(
      /strategy stray made an invalid proposal for trial 0: .* not within the constraints/,
    )
  })

  it('goes unnoticed where it does, and ends as it does', () => {
    const [inside] = all.filter((architecture) => within(architecture, limits))
    expect(withinSpace({ name: 'a', ask: () => inside ?? '' }, space).ask(historyOf([]), createRng(1))).toBe(inside)
    expect(withinSpace({ name: 'a', ask: () => null }, space).ask(historyOf([]), createRng(1))).toBeNull()
  })
})
