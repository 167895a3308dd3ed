import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../platform/rng.js'
import { listedSpace } from '../../spaces/listed-space.js'
import { natsTss } from '../../spaces/nats-tss/index.js'
import type { DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { fidelityOf } from '../../strategies/lineage.js'
import type { Strategy, StrategyFactory } from '../../strategies/strategy.js'
import { chiSquare, chiSquareLimits, tally } from '../chi-square.js'
import {
  madeUpOutcomes,
  madeUpScore,
  scoredOutcome,
  type UnscoredKind,
  unscoredKinds,
  unscoredOutcome,
} from './outcomes.js'
import { ask, type Moment, type PlayOptions, play } from './play.js'
import { toySearch } from './toy-search.js'

export interface StrategyConformanceOptions {
  /** Number of evaluators; default 1. More for a strategy that promotes. */
  readonly fidelities?: number
  /** Laws to skip for this strategy, each with a reason. */
  readonly skip?: readonly { readonly law: StrategyLaw; readonly reason: string }[]
}

export type StrategyLaw =
  | 'proposes architectures of the space'
  | 'never repeats a canonical form, and ends when the space is used up'
  | 'is a pure function of its seed, the history and the stream of the call'
  | 'proposes the same after a crash'
  | 'does not modify the history'
  | 'continues whatever the outcomes of its proposals'
  | 'ignores why a trial has no score'
  | 'depends only on the order of scores'
  | 'promotes trials with a score only, some of them to the last fidelity'
  | 'gives a search the same trials on 1, 2 and 4 workers'
  | 'proposes different architectures for another seed'
  | 'starts anywhere in the space with equal probability'

/** 729 cells of three operations: many duplicates, like in the original space, and quickly exhausted. */
const smallSpace = listedSpace(
  natsTss,
  Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i)).filter((text) => !/1x1|pool/.test(text)),
)
const levels: readonly DuplicateLevel[] = ['string', 'nats-bench', 'isomorphism']
const half = madeUpOutcomes(1, 0.5)

/**
 * Declares the conformance tests of a strategy:
 *
 * ```ts
 * describeStrategy('mine', createMyStrategy)
 * ```
 */
export function describeStrategy(
  name: string,
  factory: StrategyFactory,
  { fidelities = 1, skip = [] }: StrategyConformanceOptions = {},
): void {
  const law = (title: StrategyLaw, body: () => void | Promise<void>): void => {
    const excuse = skip.find((candidate) => candidate.law === title)
    if (excuse !== undefined) process.stdout.write(`skipped: ${name}: ${title}: ${excuse.reason}\n`)
    it.skipIf(excuse !== undefined)(title, body)
  }
  const create = (seed: number, level: DuplicateLevel = 'isomorphism', space: SearchSpace = smallSpace): Strategy =>
    factory({ duplicates: level }, space, createRng(seed))
  const search = (seed: number, changes: Partial<PlayOptions> = {}) => {
    const options: PlayOptions = {
      space: smallSpace,
      level: 'isomorphism',
      seed,
      fidelities,
      outcomeOf: half,
      ...changes,
    }
    return play(create(seed, options.level, options.space), options)
  }
  /** Some states of a search, in order. */
  const moments = (seed: number, changes: Partial<PlayOptions>): readonly Moment[] => {
    const seen: Moment[] = []
    search(seed, { ...changes, onAsk: (moment) => seen.push(moment) })
    return seen
  }
  const workers = fc.integer({ min: 1, max: 9 })
  const unscoredShare = fc.constantFrom(0, 0.5, 0.9, 1)

  describe(`strategy ${name}`, () => {
    law('proposes architectures of the space', () => {
      for (const { architecture } of search(1, { space: natsTss, trials: 100 })) {
        expect(natsTss.parse(architecture)).toBe(architecture)
      }
      for (const { architecture } of search(1)) expect(smallSpace.parse(architecture)).toBe(architecture)
    })

    law('never repeats a canonical form, and ends when the space is used up', () => {
      fc.assert(
        fc.property(fc.nat(), workers, fc.constantFrom(...levels), unscoredShare, (seed, count, level, share) => {
          const trials = search(seed, { level, workers: count, outcomeOf: madeUpOutcomes(seed, share) })
          const proposed = trials.filter(({ promotes }) => promotes === undefined)
          const forms = new Set(proposed.map(({ architecture }) => smallSpace.canonical(architecture, level)))
          expect(forms.size).toBe(proposed.length)
          expect(proposed).toHaveLength(smallSpace.distinct(level))
        }),
        { numRuns: 12 },
      )
    })

    law('is a pure function of its seed, the history and the stream of the call', () => {
      fc.assert(
        fc.property(fc.nat(), workers, unscoredShare, (seed, count, share) => {
          // States of two searches with different results, shown to one instance in random order.
          const seen = [seed, seed + 1].flatMap((world) =>
            moments(seed, { trials: 90, workers: count, outcomeOf: madeUpOutcomes(world, share) }),
          )
          const shuffled = [...createRng(seed).permutation(seen.length)].slice(0, 20).map((i) => seen[i] as Moment)
          const veteran = create(seed)
          for (const moment of shuffled) {
            const answer = ask(create(seed), moment)
            expect(ask(veteran, moment)).toEqual(answer)
            expect(ask(veteran, moment)).toEqual(answer)
          }
        }),
        { numRuns: 10 },
      )
    })

    law('proposes the same after a crash', () => {
      const uninterrupted = search(5, { trials: 60 })
      for (const crash of [0, 1, 29, 59]) {
        expect(search(5, { trials: 60, from: uninterrupted.slice(0, crash) })).toEqual(uninterrupted)
      }
    })

    law('does not modify the history', () => {
      for (const moment of moments(2, { trials: 40 }).filter((_, i) => i % 13 === 0)) {
        const before = structuredClone(moment.history.trials)
        ask(create(2), moment)
        expect(moment.history.trials).toEqual(before)
      }
    })

    law('continues whatever the outcomes of its proposals', () => {
      for (const kind of unscoredKinds) {
        expect(search(3, { trials: 60, outcomeOf: () => unscoredOutcome(kind) })).toHaveLength(60)
      }
      expect(search(3, { trials: 60, outcomeOf: () => scoredOutcome(-1e300) })).toHaveLength(60)
    })

    law('ignores why a trial has no score', () => {
      const because = (kind: UnscoredKind) =>
        search(4, {
          trials: 80,
          outcomeOf(architecture, fidelity) {
            const outcome = half(architecture, fidelity)
            return outcome.kind === 'scored' ? outcome : unscoredOutcome(kind)
          },
        })
      const [first, ...others] = unscoredKinds.map(because)
      for (const other of others) expect(other).toEqual(first)
    })

    law('depends only on the order of scores', () => {
      const scaled = (scale: (score: number) => number) =>
        search(6, { trials: 80, outcomeOf: (text) => scoredOutcome(scale(madeUpScore(6, text))) })
      const plain = scaled((score) => score)
      // Zero-cost scores have any size and sign.
      expect(scaled((score) => -1e6 / (score + 0.001))).toEqual(plain)
      expect(scaled((score) => score / 1e3 + 1)).toEqual(plain)
    })

    if (fidelities > 1) {
      law('promotes trials with a score only, some of them to the last fidelity', () => {
        fc.assert(
          fc.property(fc.nat(), workers, fc.constantFrom(0, 0.5), (seed, count, share) => {
            const outcomeOf = madeUpOutcomes(seed, share)
            const trials = search(seed, { trials: 300, workers: count, outcomeOf })
            const promoted = trials.flatMap(({ promotes }) => (promotes === undefined ? [] : [trials[promotes]]))
            for (const trial of promoted) {
              expect(outcomeOf(trial?.architecture ?? '', trial?.fidelity ?? 0).kind).toBe('scored')
            }
            expect(new Set(promoted).size).toBe(promoted.length)
            expect(Math.max(...trials.map(fidelityOf))).toBe(fidelities - 1)
          }),
          { numRuns: 12 },
        )
      })
    }

    law('gives a search the same trials on 1, 2 and 4 workers', async () => {
      const toy = { space: smallSpace, level: 'isomorphism', seed: 7, fidelities, trials: 70 } as const
      for (const rejects of [true, false]) {
        const tables = await Promise.all(
          [1, 2, 4].map((count) => toySearch({ ...toy, strategy: create(7), workers: count, rejects })),
        )
        for (const table of tables) expect(table).toEqual(tables[0])
        // A budget is the number of evaluations, with any outcome.
        expect(tables[0]).toHaveLength(toy.trials)
        expect(new Set(tables[0]?.map(({ outcome }) => outcome.kind)).size).toBe(rejects ? 3 : 2)
        if (!rejects) expect(Math.max(...(tables[0] ?? []).map(fidelityOf))).toBe(fidelities - 1)
      }
    })

    law('proposes different architectures for another seed', () => {
      expect(search(1, { trials: 20 })).not.toEqual(search(2, { trials: 20 }))
    })

    law('starts anywhere in the space with equal probability', () => {
      let seed = 0
      const counts = tally(25, 2_500, () => {
        const [first] = search(seed, { space: natsTss, trials: 1 })
        seed++
        return Math.floor((natsTss.indexOf(first?.architecture ?? '') * 25) / natsTss.size)
      })
      expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[24])
    })
  })
}
