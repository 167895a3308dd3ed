import { describe, expect, it } from 'vitest'
import { describeStrategy } from '../../src/conformance/index.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { Architecture } from '../../src/spaces/search-space.js'
import { createLocalSearch } from '../../src/strategies/local-search/local-search.js'
import { createRandomStrategy } from '../../src/strategies/random.js'
import { historyOf, type Written } from './histories.js'

const name = 'local-search'
describeStrategy(name, (options, space, rng) => createLocalSearch({ name, ...options }, space, rng))

const random = createRandomStrategy({ name: 'random', duplicates: 'string' }, natsTss, createRng(1))
/** The first architectures of random search with the same seed. */
const starts = Array.from(
  { length: 10 },
  (_, proposed) => random.ask({ ...historyOf([]), proposed }, createRng(0)) as Architecture,
)
const [start, second] = starts as [Architecture, Architecture]
const ask = (written: readonly Written[]): Architecture | null =>
  createLocalSearch({ name, duplicates: 'string' }, natsTss, createRng(1)).ask(historyOf(written), createRng('call'))

/** Goes on from a history for some trials. */
function goOn(
  written: readonly Written[],
  trials: number,
  score: (architecture: Architecture) => Written[1],
): Written[] {
  const all = [...written]
  for (let i = 0; i < trials; i++) {
    const proposed = ask(all)
    if (proposed === null) break
    all.push([proposed, score(proposed)])
  }
  return all
}

const architectures = (written: readonly Written[]): readonly Architecture[] => written.map(([text]) => text)

describe('local search', () => {
  it('has starts that are no neighbours of each other in these tests', () => {
    expect(natsTss.neighbours(start)).not.toContain(second)
  })

  it('begins where random search does, and evaluates all 24 neighbours, in no fixed order', () => {
    const written = goOn([], 25, () => 0.5)
    expect(written[0]?.[0]).toBe(start)
    const around = architectures(written.slice(1))
    expect(around.toSorted()).toEqual([...natsTss.neighbours(start)].toSorted())
    expect(around).not.toEqual(natsTss.neighbours(start))
  })

  it('moves to the best neighbour, and evaluates what is new around it', () => {
    const best = natsTss.neighbours(start)[7] as Architecture
    const written = goOn([], 25, (text) => (text === best ? 0.9 : text === start ? 0.5 : 0.6))
    const further = architectures(goOn(written, 20, () => 0.1).slice(25))
    // Four of the 24 neighbours of the best were neighbours of the start, or the start itself.
    const fresh = natsTss.neighbours(best).filter((text) => !architectures(written).includes(text))
    expect(fresh).toHaveLength(20)
    expect(further.toSorted()).toEqual(fresh.toSorted())
    // Nothing there is better: it starts again.
    expect(ask(goOn(written, 20, () => 0.1))).toBe(second)
  })

  it('moves to a neighbour that is as good, and never back', () => {
    const equal = natsTss.neighbours(start)[7] as Architecture
    const score = (text: Architecture): number => (text === equal || text === start ? 0.5 : 0.1)
    const around = goOn([], 45, score)
    expect(architectures(around.slice(25)).every((text) => natsTss.neighbours(equal).includes(text))).toBe(true)
    expect(ask(around)).toBe(second)
  })

  it('starts again at a local optimum, which a score of zero may be', () => {
    expect(ask(goOn([], 25, (text) => (text === start ? 0 : -1)))).toBe(second)
  })

  it('starts again where all neighbours were rejected', () => {
    expect(ask(goOn([], 25, (text) => (text === start ? 0.5 : null)))).toBe(second)
  })

  it('gives up a start that was rejected, and takes none that it has met', () => {
    expect(ask([[start, null]])).toBe(second)
    const third = goOn([], 2, () => null)
    expect(architectures(third)).toEqual([start, second])
    const met = natsTss.neighbours(starts[2] as Architecture)
    expect(met).not.toContain(starts[3])
    expect(ask([...third, [starts[2] as Architecture, null]])).toBe(starts[3])
  })

  it('never stands on a rejected architecture', () => {
    const neighbours = natsTss.neighbours(start)
    const written = goOn([], 25, (text) => (text === start ? -5 : text === neighbours[3] ? -4 : null))
    expect(natsTss.neighbours(neighbours[3] as Architecture)).toContain(ask(written))
  })

  it('looks around a start whose score is not known, and starts elsewhere when there is no more to see', () => {
    const written = goOn([[start, 'running']], 24, () => 0.5)
    expect(architectures(written.slice(1)).toSorted()).toEqual([...natsTss.neighbours(start)].toSorted())
    expect(ask(written)).toBe(second)
  })

  it('moves on from the best that is known while neighbours are running, and comes back for a better one', () => {
    const [good, better] = natsTss.neighbours(start).slice(7, 9) as [Architecture, Architecture]
    const early = goOn([], 25, (text) =>
      text === start ? 0.5 : text === good ? 0.6 : text === better ? 'running' : 0.1,
    )
    const guess = ask(early) as Architecture
    expect(natsTss.neighbours(good)).toContain(guess)
    const late = early.map(([text, score]): Written => [text, text === better ? 0.7 : score])
    expect(natsTss.neighbours(better)).toContain(ask([...late, [guess, 0.2]]))
  })
})
