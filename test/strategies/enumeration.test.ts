import { describe, expect, it } from 'vitest'
import { describeStrategy } from '../../src/conformance/index.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createEnumeration } from '../../src/strategies/enumeration.js'
import { historyOf } from './histories.js'

const name = 'enumeration'
describeStrategy(name, (options, space, rng) => createEnumeration({ name, ...options }, space, rng), {
  skip: [
    { law: 'proposes different architectures for another seed', reason: 'it has only one order' },
    { law: 'starts anywhere in the space with equal probability', reason: 'it starts at the first architecture' },
  ],
})

describe('enumeration', () => {
  const proposals = (duplicates: 'string' | 'isomorphism', count: number) => {
    const strategy = createEnumeration({ name, duplicates }, natsTss, createRng(1))
    return Array.from({ length: count }, (_, proposed) => strategy.ask({ ...historyOf([]), proposed }, createRng(2)))
  }

  it('proposes every spelling in the order of the space', () => {
    const all = proposals('string', natsTss.size + 1)
    expect(all.slice(0, -1)).toEqual(Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i)))
    expect(all.at(-1)).toBeNull()
  })

  it('proposes the first of each canonical form', () => {
    const some = proposals('isomorphism', 200) as string[]
    const indices = some.map(natsTss.indexOf)
    expect(indices).toEqual(indices.toSorted((a, b) => a - b))
    const forms = Array.from({ length: (indices.at(-1) ?? 0) + 1 }, (_, i) =>
      natsTss.canonical(natsTss.at(i), 'isomorphism'),
    )
    expect(new Set(forms).size).toBe(200)
  })
})
