import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCost } from '../../src/evaluators/outcome.js'
import type { Rng } from '../../src/platform/rng.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../src/spaces/search-space.js'
import type { FinishedTrial, SearchHistory, Strategy } from '../../src/strategies/strategy.js'
import { chiSquare, chiSquareLimits, tally } from '../statistics/chi-square.js'

/** Makes the strategy under test for a run whose stream is `rng`, avoiding duplicates at `level`. */
export type StrategyFactory = (space: SearchSpace, level: DuplicateLevel, rng: Rng) => Strategy

type LawName =
  | 'proposes architectures of the space'
  | 'is a pure function of its seed, the history and the stream of the call'
  | 'is the same after a crash'
  | 'does not touch the history'
  | 'proposes another course for another seed'
  | 'never repeats a canonical form, and ends when the space is used up'
  | 'starts anywhere in the space with equal chance'

export interface SkippedLaw {
  readonly law: LawName
  /** Why the strategy need not keep it. */
  readonly reason: string
}

/** The laws every strategy keeps, but for those it skips for a reason. */
export function describeStrategy(
  name: string,
  factory: StrategyFactory,
  { skip = [] }: { readonly skip?: readonly SkippedLaw[] } = {},
): void {
  const law = (lawName: LawName, test: () => void): void => {
    const skipped = skip.find((candidate) => candidate.law === lawName)
    if (skipped === undefined) it(lawName, test)
    else it.skip(`${lawName}: ${skipped.reason}`, test)
  }
  const create = (seed: number, level: DuplicateLevel = 'isomorphism') => factory(natsTss, level, createRng(seed))

  describe(`${name} keeps the laws of a strategy:`, () => {
    law('proposes architectures of the space', () => {
      for (const architecture of search(create(1), { trials: 50, seed: 1 })) {
        expect(natsTss.parse(architecture)).toBe(architecture)
      }
    })

    law('is a pure function of its seed, the history and the stream of the call', () => {
      fc.assert(
        fc.property(fc.nat(), fc.integer({ min: 0, max: 40 }), (seed, trials) => {
          const strategy = create(seed)
          const history = historyOf(search(strategy, { trials, seed }))
          const ask = (asked: Strategy) => asked.ask(history, createRng(seed, 'ask'))
          const first = ask(strategy)
          expect(ask(strategy)).toBe(first)
          expect(ask(create(seed))).toBe(first)
        }),
        { numRuns: 20 },
      )
    })

    law('is the same after a crash', () => {
      const uninterrupted = search(create(5), { trials: 60, seed: 5 })
      for (const crash of [0, 1, 29, 59]) {
        const resumed = search(create(5), { trials: 60, seed: 5, from: uninterrupted.slice(0, crash) })
        expect(resumed).toEqual(uninterrupted)
      }
    })

    law('does not touch the history', () => {
      const history = historyOf(search(create(2), { trials: 10, seed: 2 }))
      const before = structuredClone(history.trials)
      create(2).ask(history, createRng(2))
      expect(history.trials).toEqual(before)
    })

    law('proposes another course for another seed', () => {
      expect(search(create(1), { trials: 20, seed: 1 })).not.toEqual(search(create(2), { trials: 20, seed: 2 }))
    })

    law('never repeats a canonical form, and ends when the space is used up', () => {
      for (const level of ['string', 'isomorphism'] as const) {
        const proposed = search(create(3, level), { trials: natsTss.size + 1, seed: 3, level })
        expect(proposed).toHaveLength(natsTss.distinct(level))
        expect(new Set(proposed.map((architecture) => natsTss.canonical(architecture, level))).size).toBe(
          natsTss.distinct(level),
        )
      }
    })

    law('starts anywhere in the space with equal chance', () => {
      let seed = 0
      const counts = tally(25, 2_500, () => {
        const [first = ''] = search(create(seed), { trials: 1, seed })
        seed++
        return Math.floor((natsTss.indexOf(first) * 25) / natsTss.size)
      })
      expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[24])
    })
  })
}

interface SearchOptions {
  /** At most so many proposals, those of `from` included. */
  readonly trials: number
  readonly seed: number
  readonly level?: DuplicateLevel
  /** Proposals already made, by the strategy before a crash. */
  readonly from?: readonly Architecture[]
}

/** Asks until `trials` are proposed or the space is used up. Each trial is finished before the next is asked for. */
function search(strategy: Strategy, { trials, seed, level = 'isomorphism', from = [] }: SearchOptions): Architecture[] {
  const finished = from.map(trialOf)
  const forms = new Set(from.map((architecture) => natsTss.canonical(architecture, level)))
  while (finished.length < trials) {
    const history: SearchHistory = {
      proposed: finished.length,
      trials: finished,
      hasProposed: (form) => forms.has(form),
    }
    const architecture = strategy.ask(history, createRng(seed, 'trial', finished.length))
    if (architecture === null) break
    forms.add(natsTss.canonical(architecture, level))
    finished.push(trialOf(architecture, finished.length))
  }
  return finished.map((trial) => trial.architecture)
}

function historyOf(architectures: readonly Architecture[]): SearchHistory {
  const forms = new Set(architectures.map((architecture) => natsTss.canonical(architecture, 'isomorphism')))
  return {
    proposed: architectures.length,
    trials: architectures.map(trialOf),
    hasProposed: (form) => forms.has(form),
  }
}

/** A finished trial whose score, in 0..1, is a function of the architecture; one in eight diverged. */
function trialOf(architecture: Architecture, index: number): FinishedTrial {
  const score = ((natsTss.indexOf(architecture) * 7_919) % 1_009) / 1_009
  const spent = { cost: noCost, phases: {} }
  if (score < 1 / 8) return { index, architecture, outcome: { kind: 'diverged', phase: 'stage1', epoch: 0, ...spent } }
  return {
    index,
    architecture,
    outcome: {
      kind: 'scored',
      score,
      metric: 'train-accuracy',
      trainAccuracy: score,
      validationAccuracy: null,
      ...spent,
    },
  }
}
