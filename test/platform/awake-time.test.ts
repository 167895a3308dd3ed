import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awakeClock } from '../../src/platform/awake-clock.js'
import { AwakeTime, longestPauseSeconds, tickSeconds } from '../../src/platform/awake-time.js'

/** A ticker and another thread, on a wall clock that is set by hand. */
function watched() {
  let wall = 5_000_000_000_000n
  const ticker = new AwakeTime(undefined, () => wall)
  const looker = new AwakeTime(ticker.memory, () => wall)
  return {
    ticker,
    looker,
    pass: (seconds: number) => {
      wall += BigInt(Math.round(1e9 * seconds))
    },
  }
}

describe('the time in which a process is awake', () => {
  it('is all time while nobody ticks, as before the first tick and after the last', () => {
    const { ticker, looker, pass } = watched()
    const start = looker.seconds()
    pass(50)
    expect(looker.seconds() - start).toBeCloseTo(50)
    expect(ticker.tick()).toBe(0)
    ticker.stop()
    pass(50)
    expect(looker.seconds() - start).toBeCloseTo(100)
  })

  it('lacks a suspension but for a second, for whom looks before the next tick too', () => {
    const { ticker, looker, pass } = watched()
    ticker.tick()
    const start = looker.seconds()
    pass(0.1)
    pass(165)
    expect(looker.seconds() - start).toBeCloseTo(longestPauseSeconds)
    expect(ticker.tick()).toBeCloseTo(165.1 - longestPauseSeconds)
    expect(looker.seconds() - start).toBeCloseTo(longestPauseSeconds)
    expect(looker.suspendedSeconds()).toBeCloseTo(165.1 - longestPauseSeconds)
    pass(0.25)
    expect(looker.seconds() - start).toBeCloseTo(longestPauseSeconds + 0.25)
  })

  it('never falls, holds all time awake, and of each suspension at most a second', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('work' as const), seconds: fc.double({ min: 0, max: 0.25, noNaN: true }) }),
      fc.record({ kind: fc.constant('suspension' as const), seconds: fc.double({ min: 0, max: 1e5, noNaN: true }) }),
      fc.constant({ kind: 'tick' as const, seconds: 0 }),
      fc.constant({ kind: 'look' as const, seconds: 0 }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { ticker, looker, pass } = watched()
        ticker.tick()
        const start = looker.seconds()
        let [awake, suspensions, sinceTick, last] = [0, 0, 0, 0]
        const look = (): void => {
          const seconds = looker.seconds() - start
          expect(seconds).toBeGreaterThanOrEqual(last - 1e-6)
          expect(seconds).toBeGreaterThanOrEqual(awake - 1e-6)
          expect(seconds).toBeLessThanOrEqual(awake + longestPauseSeconds * suspensions + 1e-6)
          last = seconds
        }
        const tick = (): void => {
          ticker.tick()
          sinceTick = 0
        }
        for (const { kind, seconds } of steps) {
          // The ticker comes in time while the process runs.
          if (sinceTick + seconds > tickSeconds && kind === 'work') tick()
          if (kind === 'look') look()
          if (kind === 'tick') tick()
          pass(seconds)
          if (kind === 'work') {
            awake += seconds
            sinceTick += seconds
          }
          if (kind === 'suspension') suspensions++
        }
        look()
      }),
    )
  })
})

it('the clock of this process runs, also while its thread is busy', () => {
  const clock = awakeClock()
  const start = clock.now()
  const before = process.hrtime.bigint()
  const wall = (): number => Number(process.hrtime.bigint() - before) / 1e9
  while (wall() < 1.5);
  expect(clock.now() - start).toBeGreaterThan(1.4)
  expect(awakeClock()).toBe(clock)
})
