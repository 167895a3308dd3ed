import { describe, expect, it } from 'vitest'
import { type Repetitions, timeWorkload } from '../../src/benchmarks/timing.js'
import { ManualClock } from '../../src/platform/clock.js'

/** Work whose repetition number `i` takes `i` times `seconds`, a quarter of it in the phase `convolve`. */
function growingWork(seconds: number) {
  const clock = new ManualClock()
  let runs = 0
  let total = 0
  const workload = {
    run() {
      runs++
      total += runs * seconds
      clock.advance(runs * seconds)
    },
    phases: () => ({ convolve: total / 4 }),
    dispose() {},
  }
  return { clock, workload }
}

describe('timing', () => {
  it('gives the seconds of each repetition, and phases without what was before', () => {
    const { clock, workload } = growingWork(8)
    workload.run()
    const { seconds, phases } = timeWorkload(workload, { steps: 3 }, clock)
    expect(seconds).toEqual([16, 24, 32])
    expect(phases).toEqual({ convolve: (16 + 24 + 32) / 3 / 4 })
  })

  it.each<[string, Repetitions, number, number]>([
    ['a number of steps', { steps: 5 }, 1, 5],
    ['the steps that fit', { seconds: 2 }, 1 / 8, 6],
    ['three steps at the least', { seconds: 2 }, 100, 3],
    ['a thousand at the most', { seconds: 2 }, 2 ** -40, 1000],
  ])('repeats %s', (_, repetitions, seconds, expected) => {
    const { clock, workload } = growingWork(seconds)
    expect(timeWorkload(workload, repetitions, clock).seconds).toHaveLength(expected)
  })
})
