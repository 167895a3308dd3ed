import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Clock, stopwatch } from '../../src/platform/clock.js'

/** A clock that shows each of these times once, and then the last one for ever. */
function clockShowing(times: readonly number[]): Clock {
  const left = [...times]
  return { now: () => (left.length > 1 ? (left.shift() as number) : (left[0] ?? 0)), date: () => '' }
}

describe('a stopwatch', () => {
  it('counts the seconds of the clock, after those of earlier sessions', () => {
    const seconds = stopwatch(clockShowing([100, 101, 104]), 60)
    expect([seconds(), seconds()]).toEqual([61, 64])
  })

  it('goes on where it was when the clock jumps back', () => {
    const seconds = stopwatch(clockShowing([100, 110, 20, 25]))
    expect([seconds(), seconds(), seconds()]).toEqual([10, 10, 15])
  })

  it('never falls and is never negative, whatever the clock does and the record says', () => {
    const time = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(fc.array(time, { minLength: 2 }), time, (times, already) => {
        const seconds = stopwatch(clockShowing(times), already)
        const shown = times.slice(1).map(seconds)
        expect(shown[0]).toBeGreaterThanOrEqual(0)
        expect(shown).toEqual(shown.toSorted((a, b) => a - b))
      }),
    )
  })
})
