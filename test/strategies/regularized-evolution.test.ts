import { describe, expect, it } from 'vitest'
import { describeStrategy } from '../../src/conformance/index.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createRandomStrategy } from '../../src/strategies/random.js'
import { createRegularizedEvolution, defaultEvolution } from '../../src/strategies/regularized-evolution.js'
import { historyOf, type Written } from './histories.js'

const name = 'regularized-evolution'
describeStrategy(name, (options, space, rng) =>
  createRegularizedEvolution({ name, ...options, ...defaultEvolution }, space, rng),
)

/** Draws so often that the best of the population is among them. */
const evolution = (population: number, seed = 1) =>
  createRegularizedEvolution({ name, duplicates: 'string', population, sample: 40 }, natsTss, createRng(seed))
const random = createRandomStrategy({ name: 'random', duplicates: 'string' }, natsTss, createRng(1))
const [a, b, c, d] = [0, 4_000, 8_000, 12_000].map(natsTss.at) as [string, string, string, string]

/** What is proposed on 30 streams. */
function proposals(written: readonly Written[], population = 3): readonly (string | null)[] {
  return Array.from({ length: 30 }, (_, i) => evolution(population).ask(historyOf(written), createRng(i)))
}

describe('regularized evolution', () => {
  it('begins as random search does', () => {
    const written: Written[] = []
    for (let trial = 0; trial < 10; trial++) {
      const history = historyOf(written)
      const proposed = evolution(10).ask(history, createRng(trial)) ?? ''
      expect(proposed).toBe(random.ask(history, createRng(trial)))
      written.push([proposed, trial])
    }
    expect(natsTss.neighbours(written[9]?.[0] ?? '')).toContain(evolution(10).ask(historyOf(written), createRng(1)))
  })

  it('is random until a population has finished', () => {
    const written: Written[] = [
      [a, 0.5],
      [b, 0.6],
      [c, 'running'],
    ]
    expect(new Set(proposals(written)).size).toBe(1)
    expect(proposals([...written, [d, null]]).every((child) => natsTss.neighbours(b).includes(child ?? ''))).toBe(true)
  })

  it('changes one operation of the best that is young enough', () => {
    const children = proposals([
      [a, 0.9],
      [b, 0.2],
      [c, 0.3],
      [d, 0.1],
    ])
    for (const child of children) expect(natsTss.neighbours(c)).toContain(child)
    // Any operation of any edge: 24 there are, 30 draws.
    expect(new Set(children).size).toBeGreaterThan(12)
  })

  it('has parents that were scored, of any score, and is random where there are none', () => {
    for (const child of proposals([
      [a, null],
      [b, -1e9],
      [c, null],
    ])) {
      expect(natsTss.neighbours(b)).toContain(child)
    }
    const rejected: readonly Written[] = [
      [a, null],
      [b, null],
      [c, null],
    ]
    expect(proposals(rejected)).toEqual(proposals(rejected).map(() => random.ask(historyOf([]), createRng(0))))
  })

  it('lets trials without a score age like others', () => {
    const children = proposals([
      [a, 0.9],
      [b, null],
      [c, null],
      [d, 0.1],
    ])
    for (const child of children) expect(natsTss.neighbours(d)).toContain(child)
  })

  it('goes to the next best of the draw where every change was proposed', () => {
    const written: Written[] = [
      ...natsTss.neighbours(c).map((near): Written => [near, 0.5]),
      [a, 0.8],
      [b, 0.7],
      [c, 0.9],
    ]
    for (const child of proposals(written)) expect(natsTss.neighbours(a)).toContain(child)
  })
})
