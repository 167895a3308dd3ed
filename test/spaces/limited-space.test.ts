import { describe, expect, it } from 'vitest'
import { tally } from '../../src/conformance/chi-square.js'
import { describeSpace } from '../../src/conformance/index.js'
import { networkSize, type SizeLimits } from '../../src/networks/size.js'
import { ArchitectureError } from '../../src/platform/errors.js'
import { createRng } from '../../src/platform/rng.js'
import { limitedSpace } from '../../src/spaces/limited-space.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { SearchSpace } from '../../src/spaces/search-space.js'

const macro = { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 10 }
const limits: SizeLimits = { params: { atLeast: 6_000, atMost: 9_000 }, flops: { atMost: 150_000 } }
const all = Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i))
const fitting = all.filter((architecture) => {
  const { params, flops } = networkSize(natsTss.network(architecture, macro))
  return params >= 6_000 && params <= 9_000 && flops <= 150_000
})

/** The whole space, with a count of the networks that were built. */
function counted(): { readonly space: SearchSpace; readonly built: () => number } {
  let networks = 0
  const space: SearchSpace = {
    ...natsTss,
    network(architecture, of) {
      networks++
      return natsTss.network(architecture, of)
    },
  }
  return { space, built: () => networks }
}

describeSpace('a space within limits', limitedSpace(natsTss, limits, macro), { macros: [macro] })

describe('a space within limits', () => {
  it('holds the architectures that are within, and no other', () => {
    const space = limitedSpace(natsTss, limits, macro)
    expect(fitting.length).toBeGreaterThan(100)
    expect(fitting.length).toBeLessThan(natsTss.size / 2)
    expect(Array.from({ length: space.size }, (_, i) => space.at(i))).toEqual(fitting)
    const [outside] = all.filter((architecture) => !fitting.includes(architecture))
    expect(() => space.parse(outside ?? '')).toThrow(ArchitectureError)
  })

  it('looks at an architecture when it is met, once', () => {
    const { space: whole, built } = counted()
    const space = limitedSpace(whole, limits, macro)
    expect(built()).toBe(0)
    const neighbours = space.neighbours(fitting[0] ?? '')
    expect(built()).toBe(24)
    expect(space.neighbours(fitting[0] ?? '')).toEqual(neighbours)
    expect(built()).toBe(24)
    expect(neighbours).toEqual(natsTss.neighbours(fitting[0] ?? '').filter((other) => fitting.includes(other)))
  })

  it('samples uniformly, also where next to nothing is within', () => {
    const nearly = natsTss.parse(
      '|nor_conv_1x1~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|',
    )
    const { params } = networkSize(natsTss.network(nearly, macro))
    const seven = limitedSpace(natsTss, { params: { atLeast: params } }, macro)
    expect(seven.size).toBe(7)
    const rng = createRng('seven')
    const counts = tally(7, 350, () => seven.indexOf(seven.sample(rng)))
    for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(25)
  })
})
