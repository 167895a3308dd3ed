import fc from 'fast-check'
import { expect } from 'vitest'
import { createRng } from '../../platform/rng.js'
import { chiSquare, chiSquareLimits, tally } from '../chi-square.js'
import type { SpaceSuite } from './suite.js'

/** Laws of choices, neighbours and samples. */
export function decisionLaws({ space, population, isWhole, architecture, law }: SpaceSuite): void {
  law('choices tell architectures apart, and are those of the decisions', () => {
    const { decisions } = space
    for (const text of population) {
      const choices = space.choices(text)
      const isPossible =
        choices.length === decisions.length &&
        choices.every((choice, i) => Number.isInteger(choice) && choice >= 0 && choice < (decisions[i] ?? 0))
      if (!isPossible) expect.fail(`${text} chooses ${choices}, of ${decisions}`)
      const back = space.fromChoices(choices)
      if (back !== text) expect.fail(`${text} chooses ${choices}, which is ${back}`)
    }
    expect(new Set(population.map((text) => space.choices(text).join())).size).toBe(population.length)
    expect(space.size).toBeLessThanOrEqual(decisions.reduce((product, count) => product * count, 1))
  })

  law('neighbours are all that differ in one decision', () => {
    const choicesOf = new Map(population.map((text) => [text, space.choices(text)]))
    fc.assert(
      fc.property(architecture, (text) => {
        const own = space.choices(text)
        const differences = (other: readonly number[]) => other.filter((choice, i) => choice !== own[i]).length
        const neighbours = space.neighbours(text)
        for (const neighbour of neighbours) {
          expect(space.parse(neighbour)).toBe(neighbour)
          expect(differences(space.choices(neighbour))).toBe(1)
        }
        expect(new Set(neighbours).size).toBe(neighbours.length)
        const found = new Set(neighbours)
        // Each is a neighbour of its neighbours.
        const expected = isWhole
          ? [...choicesOf].filter(([, choices]) => differences(choices) === 1).map(([other]) => other)
          : neighbours.filter((other) => space.neighbours(other).includes(text))
        expect(found).toEqual(new Set(expected))
      }),
      { numRuns: 15 },
    )
  })

  law('sample is uniform and a function of the stream', () => {
    expect(space.sample(createRng(3))).toBe(space.sample(createRng(3)))
    const bins = 25
    if (space.size < bins) return
    const rng = createRng('sample')
    const counts = tally(bins, 5_000, () => Math.floor((space.indexOf(space.sample(rng)) * bins) / space.size))
    // The bins of a small space have different sizes.
    if (space.size % bins === 0 || space.size > 100 * bins) expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[24])
  })
}
