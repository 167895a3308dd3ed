import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeStrategy } from '../../src/conformance/index.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createRandomStrategy } from '../../src/strategies/random.js'
import { ChoiceDensity } from '../../src/strategies/tpe/density.js'
import { createTpe, defaultTpe } from '../../src/strategies/tpe/tpe.js'
import { historyOf, type Written } from './histories.js'

const name = 'tpe'
describeStrategy(name, (options, space, rng) => createTpe({ name, ...options, ...defaultTpe }, space, rng))

const tpe = (seed = 1) => createTpe({ name, duplicates: 'string', ...defaultTpe }, natsTss, createRng(seed))
const random = createRandomStrategy({ name: 'random', duplicates: 'string' }, natsTss, createRng(1))

describe('a density of choices', () => {
  it('is the mean of its kernels, one of them uniform', () => {
    // By hand: two decisions of 2 and 4 choices, one member (0, 3), keeping 0.8.
    const density = new ChoiceDensity([[0, 3]], [2, 4])
    expect(density.of([0, 3])).toBeCloseTo((1 / 8 + 0.9 * 0.85) / 2, 12)
    expect(density.of([1, 3])).toBeCloseTo((1 / 8 + 0.1 * 0.85) / 2, 12)
    expect(density.of([1, 0])).toBeCloseTo((1 / 8 + 0.1 * 0.05) / 2, 12)
  })

  it('sums to 1', () => {
    const member = fc.tuple(fc.nat(1), fc.nat(2), fc.nat(3))
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), (members) => {
        const density = new ChoiceDensity(members, [2, 3, 4])
        let sum = 0
        for (let a = 0; a < 2; a++) {
          for (let b = 0; b < 3; b++) for (let c = 0; c < 4; c++) sum += density.of([a, b, c])
        }
        expect(sum).toBeCloseTo(1, 12)
      }),
    )
  })

  it('is what is drawn', () => {
    const density = new ChoiceDensity([[0, 3]], [2, 4])
    const rng = createRng('draws')
    const draws = 20_000
    let hits = 0
    for (let i = 0; i < draws; i++) if (density.draw(rng).join() === '0,3') hits++
    const p = density.of([0, 3])
    // Five standard deviations; the seed is fixed.
    expect(Math.abs(hits / draws - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws))
  })
})

describe('tpe', () => {
  /** The first trials of random search, scored by how many of their edges are 3x3 convolutions. */
  const start = (score: (architecture: string) => number | null, trials: number): readonly Written[] => {
    const written: Written[] = []
    for (let i = 0; i < trials; i++) {
      const proposed = random.ask(historyOf(written), createRng(i)) ?? ''
      written.push([proposed, score(proposed)])
    }
    return written
  }
  const convolutions = (architecture: string): number => architecture.split('nor_conv_3x3').length - 1

  it('begins as random search does, and counts finished trials only', () => {
    const written = start(convolutions, defaultTpe.startup - 1)
    const next = random.ask(historyOf(written), createRng(1)) ?? ''
    const history = historyOf([...written, [next, 'running']])
    expect(tpe().ask(history, createRng(1))).toBe(random.ask(history, createRng(1)))
  })

  it('proposes what the best have in common', () => {
    const written = start(convolutions, 60)
    const proposed = Array.from({ length: 30 }, (_, i) => tpe().ask(historyOf(written), createRng(i)) ?? '')
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
    expect(mean(written.map(([architecture]) => convolutions(architecture)))).toBeLessThan(1.5)
    expect(mean(proposed.map(convolutions))).toBeGreaterThan(2.5)
  })

  it('keeps away from what got no score', () => {
    const written = start((architecture) => (architecture.includes('none') ? null : 0.5), 60)
    const proposed = Array.from({ length: 30 }, (_, i) => tpe().ask(historyOf(written), createRng(i)) ?? '')
    const without = (architecture: string): boolean => !architecture.includes('none')
    // A quarter of the space has no such edge: (4 / 5) ** 6.
    expect(written.filter(([architecture]) => without(architecture)).length).toBeLessThan(0.4 * written.length)
    expect(proposed.filter(without).length).toBeGreaterThan(0.6 * proposed.length)
  })

  it('is random while nothing has a score', () => {
    const written = start(() => null, 40)
    expect(tpe().ask(historyOf(written), createRng(1))).toBe(random.ask(historyOf(written), createRng(1)))
  })
})
