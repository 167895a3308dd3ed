import { expect } from 'vitest'
import { levels, type SpaceSuite } from './suite.js'

/** Laws of canonical forms. */
export function canonicalLaws({ space, population, isWhole, law }: SpaceSuite): void {
  law('each level of canonical forms is coarser than the one before, and has as many forms as distinct says', () => {
    let finer: readonly string[] = population
    for (const level of levels) {
      const forms = population.map((text) => space.canonical(text, level))
      if (isWhole) expect(space.distinct(level)).toBe(new Set(forms).size)
      else expect(space.distinct(level) ?? space.size).toBeLessThanOrEqual(space.size)
      // Coarser: a finer form determines the coarser one, so the pairs of both are no more than the finer forms.
      expect(new Set(finer.map((form, i) => `${form} ${forms[i]}`)).size).toBe(new Set(finer).size)
      finer = forms
    }
  })

  law('architectures of one canonical form are all connected or all not', () => {
    const connected = new Map<string, boolean>()
    for (const text of population) {
      const form = space.canonical(text, 'isomorphism')
      const here = space.isConnected(text)
      if ((connected.get(form) ?? here) !== here) expect.fail(`${text} is not connected like others of ${form}`)
      connected.set(form, here)
    }
    expect(connected.size).toBeGreaterThan(0)
  })
}
