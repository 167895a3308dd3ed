import fc from 'fast-check'
import { expect } from 'vitest'
import { ArchitectureError } from '../../platform/errors.js'
import type { Architecture, SearchSpace } from '../../spaces/search-space.js'
import { anyIndex, type SpaceSuite } from './suite.js'

/** Laws of indices and strings. */
export function spellingLaws(suite: SpaceSuite): void {
  const { space, population, architecture, law } = suite

  law('at and indexOf are inverse, and no spelling comes twice', () => {
    expect(new Set(population).size).toBe(population.length)
    fc.assert(
      fc.property(anyIndex(suite), (index) => {
        expect(space.indexOf(space.at(index))).toBe(index)
      }),
    )
    for (const index of [0, space.size - 1]) expect(space.indexOf(space.at(index))).toBe(index)
  })

  law('at throws RangeError out of range', () => {
    for (const index of [-1, space.size, 0.5, Number.NaN]) expect(() => space.at(index)).toThrow(RangeError)
  })

  law('parse takes what the space spells, with white space around it, and else throws ArchitectureError', () => {
    fc.assert(
      fc.property(architecture, (text) => {
        expect(space.parse(text)).toBe(text)
        expect(space.parse(` ${text}\n`)).toBe(text)
      }),
    )
    const changed = fc.tuple(architecture, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, insert]) => {
      const position = at % text.length
      return text.slice(0, position) + insert + text.slice(position + 1)
    })
    fc.assert(
      fc.property(fc.oneof(changed, fc.string()), (text) => {
        const parsed = parsedOrNull(space, text)
        if (parsed !== null) expect(space.at(space.indexOf(parsed))).toBe(parsed)
      }),
      { numRuns: 300 },
    )
  })
}

/** The parsed `text`; null if `parse` threw an ArchitectureError. */
function parsedOrNull(space: SearchSpace, text: string): Architecture | null {
  try {
    return space.parse(text)
  } catch (error) {
    expect(error).toBeInstanceOf(ArchitectureError)
    return null
  }
}
