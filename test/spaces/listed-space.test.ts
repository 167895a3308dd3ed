import { describe, expect, it } from 'vitest'
import { describeSpace } from '../../src/conformance/index.js'
import { ArchitectureError } from '../../src/platform/errors.js'
import { createRng } from '../../src/platform/rng.js'
import { listedSpace } from '../../src/spaces/listed-space.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createRandomStrategy } from '../../src/strategies/random.js'
import { silentHistory } from '../strategies/histories.js'

const everySeventh = Array.from({ length: 2_000 }, (_, i) => natsTss.at(7 * i)).toReversed()
describeSpace('a list of architectures', listedSpace(natsTss, everySeventh))

describe('a list of architectures', () => {
  it('is in the order of the whole space, each once', () => {
    const space = listedSpace(natsTss, [natsTss.at(9), natsTss.at(3), natsTss.at(9)])
    expect([space.size, space.at(0), space.at(1)]).toEqual([2, natsTss.at(3), natsTss.at(9)])
  })

  it('holds nothing else, though the whole space does', () => {
    const space = listedSpace(natsTss, [natsTss.at(0), natsTss.at(1), natsTss.at(10_000)])
    expect(() => space.parse(natsTss.at(2))).toThrow(ArchitectureError)
    expect(space.neighbours(natsTss.at(0))).toEqual([natsTss.at(1)])
  })

  it('of everything is searched as the whole space is', () => {
    const all = listedSpace(
      natsTss,
      Array.from({ length: natsTss.size }, (_, i) => natsTss.at(natsTss.size - 1 - i)),
    )
    const proposals = [natsTss, all].map((space) => {
      const strategy = createRandomStrategy({ name: 'random', duplicates: 'isomorphism' }, space, createRng(5))
      return Array.from({ length: 50 }, (_, proposed) => strategy.ask(silentHistory(proposed), createRng('unused')))
    })
    expect(proposals[1]).toEqual(proposals[0])
  })

  it('must name something', () => {
    expect(() => listedSpace(natsTss, [])).toThrow(RangeError)
    expect(() => listedSpace(natsTss, ['|none~0|'])).toThrow(ArchitectureError)
  })
})
